import { Act, Agent, JsonObject, log, Message, registerCapability, start } from 'caxton-server/sdk'

/** Greets whoever asks: a request with `{"name":"Ada"}` is answered with `{"greeting":"Hello, Ada!"}`. */
class Greeter extends Agent {
  onStart (configuration: string): void {
    registerCapability('greeting', '{"description":"Greets by name."}')
    log.info('{{name}} is here')
  }

  onMessage (message: Message): void {
    if (message.fromPlatform) return
    const order = message.json
    if (message.act != Act.Request || !order) {
      message.notUnderstood('I take requests like {"name":"Ada"}')
      return
    }
    const name = order.getString('name', 'stranger')
    message.inform(new JsonObject().set('greeting', `Hello, ${name}!`).toString())
  }
}

start(new Greeter())
