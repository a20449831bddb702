import { Agent, Message, start } from 'caxton-server/sdk'

/** Takes what comes. */
class Sink extends Agent {
  onMessage (message: Message): void {}
}

start(new Sink())
