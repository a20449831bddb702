import { DELIVERY, PRIORITY } from '../../contract/index.js'
import { MessageInvalid } from '../routing-errors.js'

/** How a message is to be delivered, beside what it says. */
export interface SendTerms {
  /** 0 to 3, a position in `PRIORITY`. */
  readonly priority: number
  /** 0 to 2, a position in `DELIVERY`: at least so. */
  readonly delivery: number
  /** How long it is good for something, in milliseconds; 0 for ever. */
  readonly timeToLive: number
  /** The caller wants to hear that the message was handled. */
  readonly receipt: boolean
  /** Instead of a receiver: `<choice>:<name>[@<version>]`, or empty. */
  readonly toCapability: string
  /** Instead of a receiver: the topic to publish under, or empty. */
  readonly toTopic: string
}

/** What is agreed when a caller asks for nothing. */
export const USUAL_TERMS: SendTerms = {
  priority: PRIORITY.indexOf('normal'), delivery: DELIVERY.indexOf('at-most-once'), timeToLive: 0, receipt: false,
  toCapability: '', toTopic: '',
}

/** What a caller asks for, as it comes in. */
export interface AskedTerms extends Pick<SendTerms, 'toCapability' | 'toTopic'> {
  /** Empty: normal. */
  readonly priority: string
  /** Empty: at-most-once, unless the receiver wants more. */
  readonly delivery: string
  /** In milliseconds; 0: it does not end. */
  readonly timeToLiveMilliseconds: number
  readonly receipt: boolean
}

/** Reads what a caller asked for. Throws `MESSAGE_INVALID` with the parameter's name. */
export function termsOf ({ priority, delivery, timeToLiveMilliseconds, receipt, toCapability, toTopic }: AskedTerms): SendTerms {
  return {
    priority: position('priority', priority, PRIORITY, USUAL_TERMS.priority),
    delivery: position('delivery', delivery, DELIVERY, USUAL_TERMS.delivery),
    timeToLive: timeToLiveMilliseconds,
    receipt, toCapability, toTopic,
  }
}

function position (parameter: string, text: string, words: readonly string[], usual: number): number {
  if (text === '') return usual
  const found = words.indexOf(text)
  if (found >= 0) return found
  throw MessageInvalid({ parameter, problem: `"${text.slice(0, 64)}" is none of ${words.join(', ')}` })
}
