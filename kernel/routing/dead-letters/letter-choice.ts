import type { DeadLetterFilter } from '../../contract/index.js'
import type { KeptLetter } from './kept-letter.js'
import { DeadLetterFilterInvalid } from '../routing-errors.js'
import { UNDELIVERABLE } from '../undeliverable.js'

/** Most letters that are named one by one. */
const NAMED = 100
const ID = /^[0-9a-f]{12}-[0-9a-f]{6}$/
const PAGE = /^([0-9a-f]{12}-[0-9a-f]{6})~([0-9a-f]{12}-[0-9a-f]{6})$/

/** Which dead letters are meant: those that are everything that is given. */
export interface LetterChoice {
  readonly ids: readonly string[]
  readonly agent: string
  readonly reason: string
  /** Letters from before this time, in milliseconds since the Unix epoch; Infinity any. */
  readonly before: number
}

/** All letters. */
export const ANY: LetterChoice = { ids: [], agent: '', reason: '', before: Infinity }

/** Reads a filter from outside. Throws `DEAD_LETTER_FILTER_INVALID` with the part that is wrong. */
export function choiceOf (filter: DeadLetterFilter | undefined, now: number): LetterChoice {
  if (filter === undefined) return ANY
  const { ids, agent, reason, olderThanMilliseconds } = filter
  if (ids.length > NAMED) throw DeadLetterFilterInvalid({ part: 'list of ids', problem: `it has more than ${NAMED}` })
  const wrong = ids.find(id => !ID.test(id))
  if (wrong !== undefined) throw DeadLetterFilterInvalid({ part: 'id', problem: `"${wrong.slice(0, 64)}" is none` })
  if (reason !== '' && !UNDELIVERABLE.some(code => code === reason)) {
    throw DeadLetterFilterInvalid({ part: 'reason', problem: `"${reason.slice(0, 64)}" is none of ${UNDELIVERABLE.join(', ')}` })
  }
  const before = olderThanMilliseconds === 0n ? Infinity : Math.max(0, now - Number(olderThanMilliseconds))
  return { ids: [...new Set(ids)], agent, reason, before }
}

/** The same, for what changes letters: who means all of them says so. */
export function deliberateChoiceOf (filter: DeadLetterFilter | undefined, all: boolean, now: number): LetterChoice {
  const choice = choiceOf(filter, now)
  const { ids, agent, reason, before } = choice
  if (all || ids.length > 0 || agent !== '' || reason !== '' || before !== Infinity) return choice
  throw DeadLetterFilterInvalid({ part: 'filter', problem: 'it is empty; who means all letters has to say so' })
}

/** Whether a letter is meant, apart from its id. */
export function isMeant ({ agent, reason, before }: LetterChoice, letter: KeptLetter): boolean {
  return letter.at < before && (reason === '' || letter.reason === reason) &&
    (agent === '' || letter.sender === agent || letter.receiver === agent)
}

/** Where a page begins, and with which letter the last one ends. */
export interface PageMark {
  readonly after: string
  readonly last: string
}

export const pageText = ({ after, last }: PageMark): string => `${after}~${last}`

/** Reads what {@link pageText} wrote; empty is the beginning. Throws `DEAD_LETTER_FILTER_INVALID`. */
export function pageOf (text: string): PageMark | undefined {
  if (text === '') return undefined
  const [, after, last] = PAGE.exec(text) ?? []
  if (after === undefined || last === undefined) throw DeadLetterFilterInvalid({ part: 'page', problem: 'no answer gave it' })
  return { after, last }
}
