import { Act, Agent, JsonObject, log, Message, registerCapability, setTimer, start } from 'caxton-server/sdk'

/** Counts requests, logs the count every ten seconds if it grew, and keeps it from one version to the next. */
class Counter extends Agent {
  private count: i64 = 0
  private said: i64 = 0

  onStart (configuration: string): void {
    registerCapability('counting', '{"description":"Counts the requests it gets."}')
    setTimer(10_000)
  }

  onMessage (message: Message): void {
    if (message.fromPlatform) return
    if (message.act != Act.Request) {
      message.notUnderstood('I count requests only')
      return
    }
    this.count++
    message.inform(new JsonObject().set('count', this.count).toString())
  }

  onTimer (id: i32): void {
    if (this.count > this.said) log.info(`counted ${this.count} requests so far`)
    this.said = this.count
    setTimer(10_000)
  }

  save (): string {
    return this.count.toString()
  }

  load (state: string, fromVersion: i32): void {
    this.count = I64.parseInt(state)
    this.said = this.count
  }
}

start(new Counter())
