import { Act, Agent, JsonObject, lookup, Message, setTimer, start } from 'caxton-server/sdk'

/** Balls that are served at once: more would be more work than one timer may make. */
const SERVE: i32 = 20

/**
 * Plays messages of 200 bytes back to whoever sent them, in the delivery mode in which they came; with a partner in its configuration it
 * opens the game.
 */
class Volley extends Agent {
  private partner: string = ''
  private balls: i32 = 0
  private mode: i32 = 0

  onStart (configuration: string): void {
    const settings = JsonObject.parse(configuration)
    if (!settings) return
    this.partner = settings.getString('to')
    this.balls = <i32>settings.getInteger('balls', 1)
    this.mode = <i32>settings.getInteger('delivery', 0)
    setTimer(10)
  }

  onTimer (id: i32): void {
    const to = lookup(this.partner)
    if (to == 0) {
      setTimer(10)
      return
    }
    for (let ball = 0; ball < min(this.balls, SERVE); ball++) Message.inform(to).contentBytes(new Uint8Array(200)).delivery(this.mode).send()
    this.balls -= SERVE
    if (this.balls > 0) setTimer(1)
  }

  onMessage (message: Message): void {
    message.sendBack(Act.Inform)
  }
}

start(new Volley())
