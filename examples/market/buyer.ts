import { Act, Agent, cancelTimer, Choice, JsonObject, log, Message, Result, resultText, setTimer, start } from 'caxton-server/sdk'

const ROUND: i32 = 0
const DEADLINE: i32 = 1
/** How much longer than the sellers the buyer waits for their proposals, in milliseconds: the last ones are on their way. */
const ON_THE_WAY = 100
const DELIVERY_MAY_TAKE = 5000

/**
 * Calls for proposals whoever offers `sell`, buys from the cheapest and rejects the others. Configuration:
 * `{"buy":"tea","every":10000,"wait":1000}`: what, how often, and how long the sellers have for their proposals, in
 * milliseconds; without `every` it buys on request only. A request says what to buy: `{"buy":"tea"}`.
 */
class Buyer extends Agent {
  private goods: string = 'tea'
  private every: i32 = 0
  private wait: i32 = 1000
  /** The negotiation under way; 0 is none. */
  private conversation: u64 = 0
  private task: string = ''
  private price: f64 = 0
  private best: Message | null = null
  private awarded: bool = false
  private customer: Message | null = null

  onStart (configuration: string): void {
    const settings = JsonObject.parse(configuration)
    if (settings) {
      this.goods = settings.getString('buy', this.goods)
      this.every = <i32>settings.getInteger('every', this.every)
      this.wait = <i32>settings.getInteger('wait', this.wait)
    }
    // The timers of the version before are here too.
    cancelTimer(DEADLINE)
    if (this.every > 0) setTimer(this.every, ROUND)
    else cancelTimer(ROUND)
  }

  onTimer (id: i32): void {
    if (id == DEADLINE) {
      this.award()
      return
    }
    setTimer(this.every, ROUND)
    if (!this.conversation) this.call(this.goods)
  }

  onMessage (message: Message): void {
    if (message.act == Act.Request) this.order(message)
    else if (!this.conversation || message.conversation != this.conversation) return
    else if (message.act == Act.Propose) this.compare(message)
    else if (message.act == Act.Refuse) log.info('a seller refuses: ' + message.content)
    else if (this.awarded && this.isFromBest(message)) this.settle(message)
  }

  private order (request: Message): void {
    const order = request.json
    if (!order || !order.has('buy')) {
      request.notUnderstood('I take requests like {"buy":"tea"}')
    } else if (this.conversation) {
      request.refuse('I am negotiating already')
    } else {
      this.customer = request.keep()
      this.call(order.getString('buy'))
    }
  }

  private call (goods: string): void {
    this.task = new JsonObject().set('buy', goods).toString()
    const call = Message.toCapability(Act.Cfp, 'sell', Choice.All).content(this.task).protocol('fipa-contract-net').replyBy(this.wait)
    const result = call.send()
    this.conversation = call.conversation
    if (result == Result.Ok) setTimer(this.wait + ON_THE_WAY, DEADLINE)
    else this.giveUp('could not call for proposals: ' + resultText(result))
  }

  /** Keeps the cheaper of two proposals and rejects the other. */
  private compare (proposal: Message): void {
    const offer = proposal.json
    const price = offer ? offer.getNumber('price', Infinity) : Infinity
    const best = this.best
    if (price == Infinity || (best && price >= this.price)) {
      proposal.reply(Act.RejectProposal, '{"reason":"not the cheapest"}')
      return
    }
    if (best) best.reply(Act.RejectProposal, '{"reason":"not the cheapest"}')
    this.best = proposal.keep()
    this.price = price
  }

  private award (): void {
    const best = this.best
    if (best) {
      this.awarded = true
      best.draft(Act.AcceptProposal).content(this.task).replyBy(DELIVERY_MAY_TAKE).send()
    } else {
      this.giveUp('nobody sells it')
    }
  }

  private isFromBest (message: Message): bool {
    const best = this.best
    return best ? message.sender == best.sender : false
  }

  /** What became of the award. */
  private settle (message: Message): void {
    const delivery = message.json
    if (message.act != Act.Inform || !delivery) {
      this.giveUp('the seller failed: ' + message.content)
      return
    }
    const bought = delivery.set('price', this.price)
    log.info(`bought ${delivery.getString('delivered')} from ${delivery.getString('by')} for ${bought.raw('price')}`)
    const customer = this.customer
    if (customer) customer.inform(bought.toString())
    this.forget()
  }

  private giveUp (reason: string): void {
    log.warn(reason)
    const customer = this.customer
    if (customer) customer.failure(reason)
    this.forget()
  }

  private forget (): void {
    this.conversation = 0
    this.awarded = false
    this.best = null
    this.customer = null
  }
}

start(new Buyer())
