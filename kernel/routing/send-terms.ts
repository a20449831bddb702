import { PRIORITY } from '../contract/index.js'
import { MessageInvalid } from './routing-errors.js'

/** How a message is to be delivered, beside what it says. */
export interface SendTerms {
  /** 0 to 3, a position in `PRIORITY`. */
  readonly priority: number
}

/** What is agreed when a caller asks for nothing. */
export const USUAL_TERMS: SendTerms = { priority: PRIORITY.indexOf('normal') }

/** Reads what a caller asked for; an empty priority is `normal`. Throws `MESSAGE_INVALID` with the parameter's name. */
export function termsOf ({ priority }: { readonly priority: string }): SendTerms {
  return { priority: priority === '' ? USUAL_TERMS.priority : priorityOf(priority) }
}

function priorityOf (text: string): number {
  const priority = PRIORITY.findIndex(name => name === text)
  if (priority >= 0) return priority
  throw MessageInvalid({ parameter: 'priority', problem: `"${text.slice(0, 64)}" is none of ${PRIORITY.join(', ')}` })
}
