import { expect } from 'chai'
import fc from 'fast-check'
import { MESSAGE_BOUNDS } from '../../../../../kernel/contract/acl/message-bounds.js'
import { readMessageText, writeMessageText } from '../../../../../kernel/contract/acl/message-text.js'
import { anyFipaMessage } from '../../../../support/fipa-messages.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const MUTATIONS = LONG ? 100_000 : 10_000
/** Milliseconds for which no message may hold up the thread. */
const STALL = 50
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

const PIECES = [
  '(', ')', '"', '\\', '\\"', '#', '#3"', '#99999999999"', ':', ':content', ':reply-by', ':X-a',
  '(set', '(sequence', '(agent-identifier :name',
  '20261125T221627000Z', '+99999999T999999999', ' ', '\0', '\xff', 'é', '-', '@', '0',
].map(piece => Buffer.from(piece, 'latin1'))

interface Mutation {
  readonly at: number
  readonly removed: number
  readonly piece: Uint8Array
  readonly times: number
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }), removed: fc.nat({ max: 6 }), piece: fc.constantFrom(...PIECES),
  times: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 300 }) }),
})

function mutated (bytes: Uint8Array, { at, removed, piece, times }: Mutation): Uint8Array {
  const from = Math.floor(at * bytes.length)
  return Buffer.concat([bytes.subarray(0, from), ...Array.from({ length: times }, () => piece), bytes.subarray(from + removed)])
}

/** Reads a message, and gives how long that kept this process busy, in milliseconds. */
function milliseconds (bytes: Uint8Array): number {
  const before = process.cpuUsage()
  readMessageText(bytes, 0)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

describe('the reader of the string form', () => {
  it(`answers ${MUTATIONS} mutated messages without throwing or stalling`, function () {
    this.timeout(LONG ? 600_000 : 120_000)
    let refused = 0
    fc.assert(fc.property(anyFipaMessage, fc.array(mutation, { minLength: 1, maxLength: 3 }), (message, mutations) => {
      const bytes = mutations.reduce(mutated, writeMessageText(message))
      expect(milliseconds(bytes), 'milliseconds').to.be.below(STALL)
      const read = readMessageText(bytes, 0)
      if (read.ok) {
        expect(readMessageText(writeMessageText(read.value), 0)).to.deep.equal(read)
        return
      }
      refused += 1
      expect(read.position).to.be.within(0, bytes.length)
      expect(read.reason).not.to.equal('')
    }), { numRuns: MUTATIONS })
    expect(refused).to.be.within(MUTATIONS / 10, MUTATIONS - 1)
  })

  const size = MESSAGE_BOUNDS.bytes - 100
  const worst: ReadonlyArray<readonly [what: string, make: () => Uint8Array]> = [
    ['white space', () => utf8(`(inform${' '.repeat(size)})`)],
    ['escaped quotes', () => utf8(`(inform :content "${'\\"'.repeat(size / 2)}")`)],
    ['backslashes without an end', () => utf8(`(inform :content "${'\\'.repeat(size)}`)],
    ['one word', () => utf8(`(inform :language ${'a'.repeat(size)})`)],
    ['digits', () => utf8(`(inform :language ${'1'.repeat(size)})`)],
    ['words', () => utf8(`(inform :X-a (${'a '.repeat(size / 2)}))`)],
    ['words beyond ASCII', () => utf8(`(inform :X-a (${'é '.repeat(size / 3)}))`)],
    ['strings that look like lists', () => utf8(`(inform :X-a (${'"(a b)" '.repeat(size / 8)}))`)],
    ['strings within strings', () => utf8(`(inform :X-a ${nested(40, 'a'.repeat(16_000))})`)],
    ['parentheses', () => utf8(`(inform :X-a ${'('.repeat(size)}`)],
    ['bytes that say so themselves', () => utf8(`(inform :X-a (${'"\ufffd" '.repeat(9_000)}))`)],
    ['escapes in names', () => utf8(`(inform ${many(1_300, index => `:X-${index}${'%41'.repeat(300)} ""`)})`)],
    ['sets', () => utf8(`(inform :receiver (set ${'(agent-identifier :name a) '.repeat(size / 27)}))`)],
    ['parameters', () => utf8(`(inform ${many(size / 14, index => `:X-${index} ""`)})`)],
  ]
  for (const [what, make] of worst) {
    it(`does not stall on as much as it takes of ${what}`, () => {
      const bytes = make()
      // The least of three: what the reader itself takes, without the machine's other work.
      expect(Math.min(milliseconds(bytes), milliseconds(bytes), milliseconds(bytes)), 'milliseconds').to.be.below(STALL)
    })
  }
})

const many = (length: number, make: (index: number) => string): string => Array.from({ length }, (_, index) => make(index)).join(' ')

/** A list with a string that is a list with a string, and so on, each with its length in front. */
function nested (depth: number, kernel: string): string {
  const inner = depth === 0 ? kernel : nested(depth - 1, kernel)
  return `(#${inner.length}"${inner})`
}
