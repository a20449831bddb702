import type { Range, Store } from '../../contract/index.js'
import { letterOf, type KeptLetter } from './kept-letter.js'
import { isMeant, pageOf, pageText, type LetterChoice } from './letter-choice.js'

/** The collection of the dead letters. */
export const LETTERS = 'dead-letters'
/** Most letters that are looked at for one page, and most bytes of those that stand on it beyond the first. */
const LOOKED_AT = 5_000
const PAGE_BYTES = 2 * 1024 * 1024

/** A letter under its id. */
export interface FoundLetter {
  readonly id: string
  readonly letter: KeptLetter
}

/** Letters that were meant, as many as one call may work on. */
export interface LetterPage {
  readonly found: readonly FoundLetter[]
  readonly lookedAt: number
  /** Text of the page that follows; empty: there is none. */
  readonly next: string
}

/** Which way letters are looked through, and how many are wanted at the most. */
export interface PageWish {
  readonly page: string
  readonly limit: number
  readonly newestFirst: boolean
}

/** Looks through the store's dead letters, a bounded piece at a time. */
export class LetterPages {
  constructor (private readonly store: Store) {}

  /** Throws `DEAD_LETTER_FILTER_INVALID` when the page is none. */
  async find (choice: LetterChoice, wish: PageWish): Promise<LetterPage> {
    return choice.ids.length > 0 ? await this.#named(choice) : await this.#scanned(choice, wish)
  }

  async #named (choice: LetterChoice): Promise<LetterPage> {
    const found: FoundLetter[] = []
    for (const id of choice.ids) {
      const value = await this.store.get(LETTERS, id)
      if (value === undefined) continue
      const letter = letterOf(value)
      if (isMeant(choice, letter)) found.push({ id, letter })
    }
    return { found, lookedAt: choice.ids.length, next: '' }
  }

  async #scanned (choice: LetterChoice, { page, limit, newestFirst }: PageWish): Promise<LetterPage> {
    const mark = pageOf(page)
    const last = mark?.last ?? await this.#end(newestFirst)
    if (last === undefined) return { found: [], lookedAt: 0, next: '' }
    const found: FoundLetter[] = []
    let lookedAt = 0
    let bytes = 0
    for await (const { key, value } of this.store.scan(LETTERS, { ...range(mark?.after, last, newestFirst), limit: LOOKED_AT })) {
      lookedAt += 1
      const letter = letterOf(value)
      if (isMeant(choice, letter)) {
        found.push({ id: key, letter })
        bytes += letter.frame.length
      }
      if (found.length < limit && bytes < PAGE_BYTES && lookedAt < LOOKED_AT) continue
      return { found, lookedAt, next: key === last ? '' : pageText({ after: key, last }) }
    }
    return { found, lookedAt, next: '' }
  }

  /** The letter at which the last page ends: what comes later is not looked at, or a replay might never end. */
  async #end (newestFirst: boolean): Promise<string | undefined> {
    for await (const { key } of this.store.scan(LETTERS, { reverse: !newestFirst, limit: 1 })) return key
    return undefined
  }
}

/** The keys behind `after` to `last`, in either direction. */
function range (after: string | undefined, last: string, newestFirst: boolean): Range {
  if (newestFirst) return { reverse: true, from: last, ...after === undefined ? {} : { to: after } }
  return { to: following(last), ...after === undefined ? {} : { from: following(after) } }
}

/** The first text behind a key: ids are all of one length. */
const following = (key: string): string => `${key}!`
