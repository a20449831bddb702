import { TaskInvalid } from './task-errors.js'

/** A proposal as it came. */
export interface Proposal {
  readonly agent: string
  readonly content: Uint8Array
}

/** By which number of their content proposals are compared. */
export interface Choice {
  readonly field: string
  readonly order: 'min' | 'max'
}

/** The cheapest. */
const CHEAPEST: Choice = { field: 'price', order: 'min' }

/** Reads `FIELD:min` or `FIELD:max`; nothing stands for `price:min`. Throws `TASK_INVALID`. */
export function choiceOf (text: string): Choice {
  if (text === '') return CHEAPEST
  const [, field, order] = /^(.{1,256}):(min|max)$/s.exec(text) ?? []
  if (field !== undefined && (order === 'min' || order === 'max')) return { field, order }
  const problem = `"${text.slice(0, 64)}" is not a field of the proposals, ":", and min or max, as in price:min`
  throw TaskInvalid({ part: 'choice', problem })
}

/** The proposals, best first. Those without the number come last; among equals, who came first. */
export function bestFirst<P extends Proposal> (proposals: readonly P[], { field, order }: Choice): P[] {
  const sign = order === 'min' ? 1 : -1
  const ranked = proposals.map(proposal => ({ proposal, rank: numberIn(proposal.content, field) }))
  return ranked.toSorted((one, other) => compare(one.rank, other.rank, sign)).map(({ proposal }) => proposal)
}

function compare (one: number | undefined, other: number | undefined, sign: number): number {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined)
  return (one - other) * sign
}

/** The number in a field of a JSON object, if content is one and has it. */
function numberIn (content: Uint8Array, field: string): number | undefined {
  const value = jsonOf(content)
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined
  const number: unknown = Object.entries(value).find(([name]) => name === field)?.[1]
  return typeof number === 'number' ? number : undefined
}

/** What JSON content says; undefined if it is none. */
export function jsonOf (content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content))
  } catch {
    return undefined
  }
}
