import type { KeyObject } from 'node:crypto'
import { isSealedAfter, NOTHING_BEFORE, openLine, signedPart, type Opened, type Position } from '../chain/sealed-line.js'
import { isSignature, signerKey, type SignerFacts } from '../chain/signing-key.js'
import type { Line } from './lines.js'

/** Records that begin a segment, that say how far the log was, and that begin a run: worth nothing without a signature. */
const SIGNED = new Set(['segment', 'checkpoint', 'opened'])

/** Goes along a log line by line, and says of each whether it is the one that was written there. */
export class ChainCheck {
  /** The last line that was right. */
  position: Position = { seq: 0, hash: NOTHING_BEFORE }
  /** The one before that. */
  before: Position = this.position
  /** Of the last segment that, as the log says, was removed when its time was over. */
  retiredThrough = 0
  readonly signers = new Map<string, { readonly facts: SignerFacts, readonly key: KeyObject }>()
  #segment = 0
  #isFirstLine = false
  #isBegun = false

  /** The lines that follow are of this segment. */
  enter (segment: number): void {
    this.#segment = segment
    this.#isFirstLine = true
  }

  /** Why a line is not the one that belongs here, in words that go on from "the record"; undefined if it is. */
  take (line: Line): string | undefined {
    if (!line.isWhole) return 'has no end: it was cut off, or never finished'
    const opened = openLine(line.bytes)
    if (opened === undefined) return 'is none: what stands there is not as records are written'
    const problem = this.#isFirstLine ? this.#beginning(opened) : misplaced(opened)
    if (problem !== undefined) return problem
    const { seq } = opened.body
    if (seq !== this.position.seq + 1) {
      return `has the number ${seq} where ${this.position.seq + 1} belongs: records are missing, or in another order`
    }
    if (!isSealedAfter(this.position.hash, opened)) return 'is not as it was written: its hash is wrong'
    const untrue = this.#signature(opened)
    if (untrue !== undefined) return untrue
    this.#isFirstLine = false
    this.before = this.position
    this.position = { seq, hash: opened.hash }
    const { body } = opened
    if (body.event === 'retired' && typeof body['through'] === 'number') this.retiredThrough = body['through']
    return undefined
  }

  /** The first segment that is there says itself after which record it begins: those before may have been retired. */
  #beginning ({ body }: Opened): string | undefined {
    const { event, segment, previous } = body
    if (event !== 'segment' || segment !== this.#segment || typeof previous !== 'string') return `does not begin segment ${this.#segment}`
    if (!this.#isBegun && this.#segment > 1) this.position = { seq: body.seq - 1, hash: previous }
    this.#isBegun = true
    return previous === this.position.hash ? undefined : 'names another last record of the segment before'
  }

  #signature (opened: Opened): string | undefined {
    const { event, signature, signer } = opened.body
    if (!SIGNED.has(event)) return undefined
    const introduced = signerKey(signer)
    if (introduced !== undefined) this.signers.set(introduced.facts.id, introduced)
    const id: unknown = typeof signer === 'object' && signer !== null && 'id' in signer ? signer.id : undefined
    const known = typeof id === 'string' ? this.signers.get(id) : undefined
    const bytes = signedPart(this.position.hash, opened)
    if (known === undefined || typeof signature !== 'string' || bytes === undefined) return 'lacks the signature that belongs there'
    return isSignature(signature, known.key, bytes) ? undefined : 'is not signed by the key that it names'
  }
}

const misplaced = ({ body }: Opened): string | undefined => body.event === 'segment' ? 'begins a segment in the middle' : undefined
