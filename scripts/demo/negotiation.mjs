import { codeOf } from './sequence-diagram.mjs'

/** Follows the first Contract Net of a buyer that is seen from its beginning, until nothing more is to come. */
export class Negotiation {
  #conversation = ''
  #talking = new Set()

  constructor (buyer) {
    this.buyer = buyer
  }

  /** Notes a message. Answers whether it belongs to the negotiation. */
  take (message) {
    const { performative, receiver, sender, conversationId, protocol } = message
    if (protocol !== 'fipa-contract-net') return false
    if (this.#conversation === '' && performative === 'cfp' && sender === this.buyer) this.#conversation = conversationId
    if (conversationId !== this.#conversation) return false
    if (performative === 'cfp') this.#talking.add(receiver)
    else if (performative === 'reject-proposal') this.#talking.delete(receiver)
    else if (endsBranch(message)) this.#talking.delete(sender)
    return true
  }

  get isOver () {
    return this.#conversation !== '' && this.#talking.size === 0
  }
}

/** Of whom the server says that it was silent until the deadline a late proposal is still to come. */
function endsBranch (message) {
  return ['inform', 'failure', 'refuse'].includes(message.performative) && codeOf(message) !== 'DEADLINE_PASSED'
}
