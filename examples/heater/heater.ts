import { Act, Agent, JsonObject, Message, registerCapability, setTimer, start } from 'caxton-server/sdk'

const HEATING_TAKES = 1500
const COOLING: i32 = 1
const HEATED: i32 = 2

/** A room with a heater. It tells the temperature, and heats when asked; after heating twice it must rest. */
class Heater extends Agent {
  private celsius: f64 = 19
  private rounds: i32 = 0
  private busyFor: Message | null = null

  onStart (configuration: string): void {
    registerCapability('heating', '{"description":"Tells the temperature and heats.","protocols":["fipa-request"]}')
    setTimer(1000, COOLING)
  }

  onMessage (message: Message): void {
    if (message.fromPlatform) return
    const wish = message.json
    if (message.act != Act.Request || !wish) {
      message.notUnderstood('I take requests like {"do":"measure"} or {"do":"heat"}')
      return
    }
    const what = wish.getString('do')
    if (what == 'measure') message.inform(this.temperature())
    else if (what == 'heat') this.heat(message)
    else message.refuse('I can measure and heat, nothing else')
  }

  private heat (message: Message): void {
    if (this.busyFor) {
      message.refuse('I am heating already')
    } else if (this.rounds == 2) {
      this.rounds = 0
      message.refuse('I heated twice and must rest')
    } else {
      message.agree()
      this.busyFor = message.keep()
      setTimer(HEATING_TAKES, HEATED)
    }
  }

  onTimer (id: i32): void {
    if (id == COOLING) {
      this.celsius -= 0.2
      setTimer(1000, COOLING)
      return
    }
    const asked = this.busyFor
    this.busyFor = null
    this.celsius += 1.5
    this.rounds++
    if (asked) asked.inform(this.temperature())
  }

  private temperature (): string {
    return new JsonObject().set('celsius', Math.round(this.celsius * 10) / 10).toString()
  }
}

start(new Heater())
