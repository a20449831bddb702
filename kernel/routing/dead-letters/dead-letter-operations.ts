import {
  DeadLetters as DeadLettersService, operations, type Clock, type Handlers, type OperationService,
} from '../../contract/index.js'
import type { DeadLetters } from './dead-letters.js'
import { shownLetter, type KeptLetter } from './kept-letter.js'
import { choiceOf, deliberateChoiceOf } from './letter-choice.js'
import type { LetterReplay } from './letter-replay.js'

/** Letters that a list has unless it says otherwise, and at the most. */
const LISTED = 100
const MOST_LISTED = 1_000
/** Letters of one call: so many that whoever waits behind it does not notice, and no mailbox overflows. */
const REPLAYED = 100
const PURGED = 1_000

/** What the handlers of the dead letters reach. */
export interface DeadLetterOperationsMain {
  readonly clock: Clock
  readonly deadLetters: DeadLetters
  readonly letterReplay: LetterReplay
}

/** The operations on dead letters: they translate, and leave the work to the letters and their replay. */
export const deadLetterOperations: OperationService = operations(DeadLettersService, (
  { clock, deadLetters, letterReplay }: DeadLetterOperationsMain,
): Handlers<typeof DeadLettersService> => ({
  async list ({ limit, filter, page }) {
    const wanted = limit === 0 ? LISTED : Math.min(limit, MOST_LISTED)
    const { found, next } = await deadLetters.list(choiceOf(filter, clock.now()), page, wanted)
    const letters = found.map(({ id, letter }) => shownLetter(id, letter))
    return { letters, next, kept: BigInt(deadLetters.kept), counted: BigInt(deadLetters.counted) }
  },

  async get ({ id }) {
    return { letter: shownLetter(id, await deadLetters.get(id)) }
  },

  async replay ({ filter, all, dryRun, page }) {
    const refused = new Map<string, number>()
    const taken = (letter: KeptLetter): boolean => {
      const refusal = letterReplay.send(letter)
      if (refusal !== undefined) refused.set(refusal, (refused.get(refusal) ?? 0) + 1)
      return refusal === undefined
    }
    const choice = deliberateChoiceOf(filter, all, clock.now())
    const { found, lookedAt, next } = await deadLetters.remove(choice, page, REPLAYED, dryRun ? () => false : taken)
    const left = [...refused.values()].reduce((sum, count) => sum + count, 0)
    return { replayed: found.length - left, refused: Object.fromEntries(refused), lookedAt, next, kept: BigInt(deadLetters.kept) }
  },

  async purge ({ filter, all, dryRun, page }) {
    const choice = deliberateChoiceOf(filter, all, clock.now())
    const { found, lookedAt, next } = await deadLetters.remove(choice, page, PURGED, () => !dryRun)
    return { purged: found.length, lookedAt, next, kept: BigInt(deadLetters.kept) }
  },
}))
