import { Address, Act, Agent, JsonObject, lookup, Message, setTimer, start } from 'caxton-server/sdk'

/**
 * Every few milliseconds sends a message of 200 bytes to a partner, who plays it back; it is played twice. Many metronomes out of
 * step make an even, open load of four messages a beat.
 */
class Metronome extends Agent {
  private every: i32 = 2
  private to: Address = 0
  private partner: string = ''
  private content: Uint8Array = new Uint8Array(200)
  private plays: i32 = 0

  onStart (configuration: string): void {
    const settings = JsonObject.parse(configuration)
    if (!settings) return
    this.every = <i32>settings.getInteger('every', this.every)
    this.partner = settings.getString('to')
    setTimer(this.every)
  }

  onTimer (id: i32): void {
    setTimer(this.every)
    if (this.to == 0) this.to = lookup(this.partner)
    if (this.to != 0) Message.inform(this.to).contentBytes(this.content).send()
  }

  onMessage (message: Message): void {
    this.plays++
    if (this.plays % 2 == 1) message.sendBack(Act.Inform)
  }
}

start(new Metronome())
