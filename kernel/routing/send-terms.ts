import { PRIORITY } from '../contract/index.js'
import { MessageInvalid } from './routing-errors.js'

/** How a message is to be delivered, beside what it says. */
export interface SendTerms {
  /** 0 to 3, a position in `PRIORITY`. */
  readonly priority: number
  /** How long it is good for something, in milliseconds; 0 for ever. */
  readonly timeToLive: number
  /** The caller wants to hear that the message was handled. */
  readonly receipt: boolean
}

/** What is agreed when a caller asks for nothing. */
export const USUAL_TERMS: SendTerms = { priority: PRIORITY.indexOf('normal'), timeToLive: 0, receipt: false }

/** What a caller asks for, as it comes in. */
export interface AskedTerms {
  /** Empty: normal. */
  readonly priority: string
  /** In milliseconds; 0: it does not end. */
  readonly timeToLiveMilliseconds: number
  readonly receipt: boolean
}

/** Reads what a caller asked for. Throws `MESSAGE_INVALID` with the parameter's name. */
export function termsOf ({ priority, timeToLiveMilliseconds, receipt }: AskedTerms): SendTerms {
  return {
    priority: priority === '' ? USUAL_TERMS.priority : priorityOf(priority),
    timeToLive: timeToLiveMilliseconds,
    receipt,
  }
}

function priorityOf (text: string): number {
  const priority = PRIORITY.findIndex(name => name === text)
  if (priority >= 0) return priority
  throw MessageInvalid({ parameter: 'priority', problem: `"${text.slice(0, 64)}" is none of ${PRIORITY.join(', ')}` })
}
