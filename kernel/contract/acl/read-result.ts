/** What reading gave, or where and why it stopped. */
export type ReadResult<T> =
  | { readonly ok: true, readonly value: T }
  | {
    readonly ok: false
    /** Offset of the byte that was not understood; the number of bytes when more were expected. */
    readonly position: number
    /** Part of a sentence: `":reply-by" is given twice`. */
    readonly reason: string
  }

/** Ends a reading from within; never leaves {@link reading}. */
class NotUnderstood extends Error {
  constructor (readonly position: number, readonly reason: string) {
    super(reason)
  }
}

/** Ends the reading that goes on. */
export function notUnderstood (position: number, reason: string): never {
  throw new NotUnderstood(position, reason)
}

/** The boundary of a reader: gives its result, and what ended it early as data. */
export function reading<T> (read: () => T): ReadResult<T> {
  try {
    return { ok: true, value: read() }
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    return { ok: false, position: error.position, reason: error.reason }
  }
}

const QUOTED = 40

/** A piece of what was read, for a reason: in quotes, and cut off when it is long. */
export const quoted = (text: string): string => `"${text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text}"`
