import { AuditQueryInvalid } from '../audit-errors.js'
import { openLine, type Opened } from '../chain/sealed-line.js'
import type { AuditReading } from '../folder/audit-folder.js'
import { linesOf } from './lines.js'

/** Most records of which the last can be asked for at once. */
export const MOST_LAST = 10_000

/** What is asked for: every part that is given must hold. Texts may hold `*` for any number of characters. */
export interface AuditQuestion {
  readonly event?: string
  readonly principal?: string
  readonly operation?: string
  readonly resource?: string
  readonly result?: string
  readonly address?: string
  readonly trace?: string
  /** Keyed hash, as in the record. */
  readonly credential?: string
  /** Milliseconds since the Unix epoch; from `since` on, before `until`. */
  readonly since?: number
  readonly until?: number
  /** Only so many, the last ones; all if it is left out. */
  readonly last?: number
}

/** A record with its place. */
export interface FoundRecord {
  readonly line: string
  readonly segment: number
}

const TEXTS = ['event', 'principal', 'operation', 'resource', 'result', 'address', 'trace', 'credential'] as const

/** The records that a question asks for, oldest first. Throws `AUDIT_QUERY_INVALID`, and the signal's reason when it aborts. */
export async function * queryAudit (
  reading: AuditReading, question: AuditQuestion, signal: AbortSignal,
): AsyncGenerator<FoundRecord, void, undefined> {
  const { last } = question
  if (last === undefined) {
    yield * matching(reading, question, signal)
    return
  }
  if (last > MOST_LAST) throw AuditQueryInvalid({ part: 'the number of records', problem: `it is over ${MOST_LAST}; ask for all instead` })
  const kept: FoundRecord[] = []
  for await (const found of matching(reading, question, signal)) {
    kept.push(found)
    if (kept.length > 2 * last) kept.splice(0, kept.length - last)
  }
  yield * kept.slice(Math.max(0, kept.length - last))
}

async function * matching (
  reading: AuditReading, question: AuditQuestion, signal: AbortSignal,
): AsyncGenerator<FoundRecord, void, undefined> {
  const matches = matcherFor(question)
  const segments = await reading.segments()
  const { since = -Infinity } = question
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1]
    // Whatever stands before the beginning of the next segment is older than it.
    if (next !== undefined && since > await beginningOf(reading, next)) continue
    for await (const { bytes, isWhole } of linesOf(reading.read(segment))) {
      signal.throwIfAborted()
      const opened = isWhole ? openLine(bytes) : undefined
      if (opened !== undefined && matches(opened.body)) yield { line: Buffer.from(bytes).toString('utf8'), segment }
    }
  }
}

async function beginningOf (reading: AuditReading, segment: number): Promise<number> {
  for await (const { bytes } of linesOf(reading.read(segment))) return Date.parse(openLine(bytes)?.body.time ?? '')
  return Infinity
}

function matcherFor (question: AuditQuestion): (body: Opened['body']) => boolean {
  const { since = -Infinity, until = Infinity } = question
  const patterns = TEXTS.flatMap(name => {
    const text = question[name]
    return text === undefined || text === '' ? [] : [[name, patternOf(text)] as const]
  })
  return body => {
    const time = Date.parse(body.time)
    if (time < since || time >= until) return false
    return patterns.every(([name, pattern]) => {
      const value = body[name]
      return typeof value === 'string' && pattern.test(value)
    })
  }
}

/** `key:*` → a pattern for all of a text. */
function patternOf (text: string): RegExp {
  const parts = text.split('*').map(part => part.replace(/[.+?^${}()|[\]\\/]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`, 's')
}
