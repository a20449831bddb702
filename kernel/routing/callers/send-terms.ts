import { createHash } from 'node:crypto'
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
  /** Says that a message with the same one is the same message; empty: none. */
  readonly deliveryKey: string
  /** The caller wants to hear that the message was handled. */
  readonly receipt: boolean
  /** Instead of a receiver: `<choice>:<name>[@<version>]`, or empty. */
  readonly toCapability: string
  /** Instead of a receiver: the topic to publish under, or empty. */
  readonly toTopic: string
}

/** What is agreed when a caller asks for nothing. */
export const USUAL_TERMS: SendTerms = {
  priority: PRIORITY.indexOf('normal'), delivery: DELIVERY.indexOf('at-most-once'), timeToLive: 0, deliveryKey: '', receipt: false,
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
  /** Empty: none. With one, the message is delivered at-least-once at least. */
  readonly deliveryKey: string
  readonly receipt: boolean
}

/** Longest delivery key, in bytes of UTF-8. */
const KEY_BYTES = 1_024

/** Reads what a caller asked for. `principal`: whose the delivery key is. Throws `MESSAGE_INVALID` with the parameter's name. */
export function termsOf (asked: AskedTerms, principal: string): SendTerms {
  const { priority, delivery, timeToLiveMilliseconds, receipt, toCapability, toTopic } = asked
  const deliveryKey = keyOf(asked, principal)
  return {
    priority: position('priority', priority, PRIORITY, USUAL_TERMS.priority),
    delivery: position('delivery', delivery, DELIVERY, DELIVERY.indexOf(deliveryKey === '' ? 'at-most-once' : 'at-least-once')),
    timeToLive: timeToLiveMilliseconds,
    deliveryKey, receipt, toCapability, toTopic,
  }
}

/** All callers are one to the agents: so that no two of them share a key, it is told apart by who calls, and told to nobody. */
function keyOf ({ deliveryKey, delivery }: AskedTerms, principal: string): string {
  if (deliveryKey === '') return ''
  if (delivery === DELIVERY[0]) {
    throw MessageInvalid({ parameter: 'delivery', problem: 'what has a delivery key is kept: it is at-least-once or exactly-once' })
  }
  if (Buffer.byteLength(deliveryKey) > KEY_BYTES) {
    throw MessageInvalid({ parameter: 'delivery-key', problem: `longer than ${KEY_BYTES} bytes` })
  }
  return createHash('sha256').update(`${principal}\n${deliveryKey}`).digest('base64url')
}

function position (parameter: string, text: string, words: readonly string[], usual: number): number {
  if (text === '') return usual
  const found = words.indexOf(text)
  if (found >= 0) return found
  throw MessageInvalid({ parameter, problem: `"${text.slice(0, 64)}" is none of ${words.join(', ')}` })
}
