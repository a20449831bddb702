/**
 * Why bytes from outside were not taken: the wrong label; encrypted under no key of ours; plain where we want encryption; damaged on the
 * way; larger than any honest node sends; or not the protocol at all. Of connections also: too many at once, holding too much memory
 * together, or not done in time.
 */
export type RefusalReason =
  'wrong-label' | 'undecryptable' | 'plaintext' | 'bad-checksum' | 'too-large' | 'malformed' | 'too-many' | 'too-much' | 'too-slow'

export interface Refusal {
  readonly reason: RefusalReason
  /** What exactly, in a few plain words: `it ends too early`. */
  readonly detail: string
}

/** Thrown while bytes are decoded, and caught where decoding began: never seen outside of `wire`. */
export class Refused extends Error {
  constructor (readonly refusal: Refusal) {
    super(refusal.detail)
  }
}

/** The bytes so far are right, but more belong to them. Like {@link Refused}, never seen outside. */
export class OutOfBytes extends Error {
  constructor () {
    super('it ends too early')
  }
}

export function malformed (detail: string): Refused {
  return new Refused({ reason: 'malformed', detail })
}

/** What a decoder threw, as a refusal: of whole input, so that running out of bytes is one. Anything else is a bug and goes on. */
export function refusalOf (thrown: unknown): Refusal {
  if (thrown instanceof Refused) return thrown.refusal
  if (thrown instanceof OutOfBytes) return { reason: 'malformed', detail: thrown.message }
  throw thrown
}
