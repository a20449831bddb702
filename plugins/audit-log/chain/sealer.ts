import { openText, seal, toSign, type Position, type RecordBody, type Sealed } from './sealed-line.js'
import type { SigningKey } from './signing-key.js'

/** A record that is to be written. */
export interface Unsealed {
  readonly body: RecordBody & { readonly event: string }
  /** ISO 8601. */
  readonly time: string
  readonly isSigned: boolean
}

/** Seals records, and signs those that are to be. */
export class Sealer {
  /** Whether the log does not say yet what the key is. */
  #isNew = true

  constructor (private signer: SigningKey) {}

  /** The id of the key that signs. */
  get keyId (): string {
    return this.signer.facts.id
  }

  change (signer: SigningKey): void {
    this.signer = signer
    this.#isNew = true
  }

  /** The records that follow a position, as lines. They count as written only with {@link written}. */
  sealed ({ seq, hash }: Position, records: readonly Unsealed[]): Sealed[] {
    return records.map(({ body, time, isSigned }, index) => {
      const text = openText(seq + index + 1, time, isSigned ? { ...body, signer: this.#signerOf(body.event) } : body)
      const sealed = seal(hash, isSigned ? `${text},"signature":"${this.signer.sign(toSign(hash, text))}"` : text)
      hash = sealed.hash
      return sealed
    })
  }

  /** Says that records are on the disk. How many of them stand behind the last that is signed; undefined if none is. */
  written (records: readonly Unsealed[]): number | undefined {
    const index = records.findLastIndex(({ isSigned }) => isSigned)
    if (index < 0) return undefined
    this.#isNew = false
    return records.length - 1 - index
  }

  /** The whole key where a reader may begin, and where it is new; elsewhere its name will do. */
  #signerOf (event: string): object {
    return this.#isNew || event === 'segment' ? this.signer.facts : { id: this.signer.facts.id }
  }
}
