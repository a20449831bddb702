import { Act, Agent, JsonObject, log, Message, now, registerCapability, setTimer, start } from 'caxton-server/sdk'

const DELIVERY_TAKES = 800
/** How long after the deadline a slow seller makes its proposal, in milliseconds. */
const TOO_LATE = 400
/** Most calls and orders that wait at a time. */
const MOST_WAITING = 100

/**
 * Takes part in the market in its own way. Configuration: `{"character":"cheap","price":5}`, where the character is
 * `cheap` (proposes its price at once), `slow` (does so when it is too late) or `refusing`.
 */
class Seller extends Agent {
  private character: string = 'cheap'
  private price: i64 = 5
  private waiting: Map<i32, Message> = new Map<i32, Message>()
  private timers: i32 = 0

  onStart (configuration: string): void {
    const settings = JsonObject.parse(configuration)
    if (settings) {
      this.character = settings.getString('character', this.character)
      this.price = settings.getInteger('price', this.price)
    }
    registerCapability('sell', '{"version":"1.0.0","description":"Sells what is asked for.","protocols":["fipa-contract-net"]}')
  }

  onMessage (message: Message): void {
    if (message.act == Act.RejectProposal) log.info('nobody wanted it: ' + message.content)
    else if (message.fromPlatform) return
    else if (message.act == Act.Cfp) this.consider(message)
    else if (message.act == Act.AcceptProposal) this.later(message, DELIVERY_TAKES)
    else message.notUnderstood('I answer calls for proposals, and deliver what is ordered')
  }

  onTimer (id: i32): void {
    // A timer of the version before, whose calls and orders are not known here.
    if (!this.waiting.has(id)) return
    const message = this.waiting.get(id)
    this.waiting.delete(id)
    if (message.act == Act.Cfp) this.propose(message)
    else message.inform(new JsonObject().set('delivered', wanted(message)).set('by', this.character).toString())
  }

  private consider (call: Message): void {
    if (this.character == 'refusing') call.refuse('not today')
    else if (this.character == 'slow') this.later(call, <i32>max(call.deadline - now(), 0) + TOO_LATE)
    else this.propose(call)
  }

  private propose (call: Message): void {
    call.draft(Act.Propose).json(new JsonObject().set('price', this.price)).replyBy(10_000).send()
  }

  private later (message: Message, milliseconds: i32): void {
    if (this.waiting.size == MOST_WAITING) {
      if (message.act == Act.Cfp) message.refuse('too much to do')
      else message.failure('too much to do')
      return
    }
    this.timers++
    this.waiting.set(this.timers, message.keep())
    setTimer(milliseconds, this.timers)
  }
}

function wanted (message: Message): string {
  const task = message.json
  return task ? task.getString('buy', 'goods') : 'goods'
}

start(new Seller())
