import { LIMITS } from './limits.js'
import { TYPE } from './message-types.js'
import { malformed, OutOfBytes, Refused } from './refusal.js'

const NONE = Buffer.alloc(0)

/**
 * The name that keeps two clusters apart (memberlist 0.3 and later): it stands before everything that is sent, and only what has the
 * same is taken. Empty: none is sent, and what has one is refused. `RangeError` beyond 255 bytes of UTF-8.
 */
export class Label {
  /** Covered by the tag of what is encrypted. */
  readonly bytes: Buffer
  /** What is sent first. */
  readonly header: Buffer

  constructor (text: string) {
    this.bytes = Buffer.from(text)
    if (this.bytes.length > LIMITS.label) throw new RangeError(`a label has at most ${LIMITS.label} bytes`)
    this.header = this.bytes.length === 0 ? NONE : Buffer.concat([Buffer.of(TYPE.label, this.bytes.length), this.bytes])
  }

  /** How many bytes the header takes that `input` begins with. Throws `Refused`, or `OutOfBytes` before all of it is there. */
  check (input: Uint8Array): number {
    const given = labelOf(input)
    if (this.bytes.equals(given)) return this.header.length
    throw new Refused({ reason: 'wrong-label', detail: `its label is ${quoted(given)}, ours ${quoted(this.bytes)}` })
  }
}

function labelOf (input: Uint8Array): Uint8Array {
  const [type, length] = input
  if (type === undefined) throw new OutOfBytes()
  if (type !== TYPE.label) return NONE
  if (length === 0) throw malformed('its label is empty')
  if (length === undefined || input.length < 2 + length) throw new OutOfBytes()
  return input.subarray(2, 2 + length)
}

/** Whatever a stranger sent, in one line for a log. */
function quoted (label: Uint8Array): string {
  return label.length === 0 ? 'none' : JSON.stringify(Buffer.from(label).toString('utf8'))
}
