import { Act, Agent, Draft, JsonObject, lookup, Message, setTimer, start } from 'caxton-server/sdk'

/**
 * Sends so many messages of 200 bytes to a partner, a few at every beat, and answers none: requests that begin a conversation each
 * when its configuration names a protocol, else messages of a delivery mode. What could not be kept comes back, and is sent again.
 */
class Sender extends Agent {
  private partner: string = ''
  private left: i64 = 0
  private burst: i64 = 10
  private every: i32 = 20
  private protocol: string = ''
  private mode: i32 = 0
  private draft: Draft | null = null

  onStart (configuration: string): void {
    const settings = JsonObject.parse(configuration)
    if (!settings) return
    this.partner = settings.getString('to')
    this.left = settings.getInteger('count', 0)
    this.burst = settings.getInteger('burst', this.burst)
    this.every = <i32>settings.getInteger('every', this.every)
    this.protocol = settings.getString('protocol')
    this.mode = <i32>settings.getInteger('delivery', 0)
    setTimer(this.every)
  }

  onTimer (id: i32): void {
    if (!this.draft) {
      const to = lookup(this.partner)
      const act = this.protocol.length > 0 ? Act.Request : Act.Inform
      if (to != 0) this.draft = Message.to(act, to).protocol(this.protocol).delivery(this.mode).contentBytes(new Uint8Array(200))
    }
    const draft = this.draft
    if (draft) {
      for (let count: i64 = 0; count < this.burst && this.left > 0; count++) {
        if (draft.inConversation(0).send() != 0) break
        this.left--
      }
    }
    if (this.left > 0) setTimer(this.every)
  }

  onMessage (message: Message): void {
    if (message.act != Act.Failure) return
    this.left++
    setTimer(this.every)
  }
}

start(new Sender())
