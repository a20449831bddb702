import { createHash } from 'node:crypto'
import type { Clock, ToolCaller } from '../../../kernel/contract/index.js'
import type { JsonObject } from './state-actions.js'
import type { StateCall, StateCallResult } from './state-call.js'

/** How long an answer is remembered, in milliseconds, and how many are. */
const REMEMBERED_MS = 10 * 60_000
const MOST = 2000

interface Remembered {
  readonly at: number
  readonly print: string
  readonly answer: Promise<StateCallResult>
}

/**
 * Carries out once what is called again with the same idempotency key: the first answer is given again. Remembers in memory, for a while;
 * an answer that says "try again" is not remembered.
 */
export class RecentAnswers {
  readonly #answers = new Map<string, Remembered>()

  constructor (private readonly clock: Clock) {}

  async once (call: StateCall, carryOut: () => Promise<StateCallResult>): Promise<StateCallResult> {
    if (call.key === undefined) return await carryOut()
    const name = `${callerOf(call.caller)} ${call.key}`
    const print = printOf(call.tool, call.arguments)
    const known = this.#answers.get(name)
    // A key that is used again for something else names another call.
    if (known?.print === print && this.clock.elapsed() - known.at < REMEMBERED_MS) return await known.answer
    const answer = carryOut()
    const entry = { at: this.clock.elapsed(), print, answer }
    this.#answers.delete(name)
    this.#answers.set(name, entry)
    const [oldest] = this.#answers.keys()
    if (this.#answers.size > MOST && oldest !== undefined) this.#answers.delete(oldest)
    const result = await answer
    if (result.again && this.#answers.get(name) === entry) this.#answers.delete(name)
    return result
  }
}

const callerOf = ({ agent, principal }: ToolCaller): string => JSON.stringify([agent, principal])
const printOf = (tool: string, values: JsonObject): string => createHash('sha256').update(JSON.stringify([tool, values])).digest('base64')
