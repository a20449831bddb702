import { Act, Address, Agent, JsonObject, lookup, Message, now, setTimer, start } from 'caxton-server/sdk'

/** Round trips that are timed together: the host's clock for agents tells milliseconds. */
const BATCH: i32 = 100
const SLOWEST: i32 = 100

/**
 * Sends a message of 200 bytes to its partner, who plays it back, and again. A request is answered with what it measured since the last one:
 * milliseconds of each batch of round trips, and how many single ones took so many milliseconds.
 */
class Stopwatch extends Agent {
  private partner: string = ''
  private to: Address = 0
  private content: Uint8Array = new Uint8Array(200)
  private trips: i32 = 0
  private sentAt: i64 = 0
  private batchBegan: i64 = 0
  private batches: string[] = []
  private singles: i32[] = new Array<i32>(SLOWEST + 1)

  onStart (configuration: string): void {
    const settings = JsonObject.parse(configuration)
    if (settings) this.partner = settings.getString('to')
    setTimer(10)
  }

  onTimer (id: i32): void {
    this.to = lookup(this.partner)
    if (this.to == 0) {
      setTimer(10)
      return
    }
    this.batchBegan = now()
    this.play()
  }

  onMessage (message: Message): void {
    if (message.act == Act.Request) {
      message.reply(Act.Inform, this.result())
      return
    }
    const at = now()
    this.singles[<i32>min<i64>(at - this.sentAt, SLOWEST)]++
    this.trips++
    if (this.trips % BATCH == 0) {
      this.batches.push((at - this.batchBegan).toString())
      this.batchBegan = at
    }
    this.play()
  }

  private play (): void {
    this.sentAt = now()
    Message.inform(this.to).contentBytes(this.content).send()
  }

  private result (): string {
    const singles = this.singles.map<string>(count => count.toString())
    const text = '{"batches":[' + this.batches.join(',') + '],"singles":[' + singles.join(',') + ']}'
    this.batches = []
    this.singles.fill(0)
    return text
  }
}

start(new Stopwatch())
