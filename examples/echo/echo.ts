import { Act, Agent, Message, registerCapability, start } from 'caxton-server/sdk'

/** Answers every request with what it said. */
class Echo extends Agent {
  onStart (configuration: string): void {
    registerCapability('echo', '{"description":"Says what it was told."}')
  }

  onMessage (message: Message): void {
    if (message.fromPlatform) return
    if (message.act == Act.Request) message.sendBack(Act.Inform)
    else message.notUnderstood('I answer requests only')
  }
}

start(new Echo())
