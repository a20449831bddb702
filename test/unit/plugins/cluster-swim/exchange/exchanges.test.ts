import { expect } from 'chai'
import { Exchanges } from '../../../../../plugins/cluster-swim/exchange/exchanges.js'
import type { Network, Stream, StreamEvents } from '../../../../../plugins/cluster-swim/network/network.js'
import { LIMITS } from '../../../../../plugins/cluster-swim/wire/limits.js'
import { StreamCodec } from '../../../../../plugins/cluster-swim/wire/stream-codec.js'
import { KeyRing } from '../../../../../plugins/cluster-swim/wire/key-ring.js'
import { gossipKey, wireSettings } from '../../../../support/cluster-swim/wire-settings.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

const KIB = 1024
const TIMEOUT = 5_000

interface Caller {
  readonly events: StreamEvents
  isOpen: boolean
  readonly answers: Uint8Array[]
}

describe('cluster-swim: connections of others', () => {
  const codec = new StreamCodec(wireSettings({ keyRing: new KeyRing(gossipKey(1)) }))
  const network: Network = {
    open: () => Promise.reject(new Error('not here')), send: () => {}, dial: () => Promise.reject(new Error('not here')),
    close: async () => {},
  }
  let clock: VirtualClock
  let refused: string[]
  let exchanges: Exchanges

  beforeEach(() => {
    clock = new VirtualClock()
    refused = []
    exchanges = new Exchanges(network, codec, clock, TIMEOUT, {
      answer: message => message, refused: (from, { reason }) => { refused.push(`${from.port} ${reason}`) },
    }, 64 * KIB)
  })

  afterEach(() => {
    exchanges.stop()
  })

  /** Another node dials. */
  function call (port: number): Caller {
    const answers: Uint8Array[] = []
    const close = (): void => {
      if (!caller.isOpen) return
      caller.isOpen = false
      // As a socket does, later.
      queueMicrotask(() => { caller.events.closed(undefined) })
    }
    const stream: Stream = {
      peer: { host: '10.0.0.9', port }, write: bytes => { answers.push(bytes) }, end: close, destroy: close,
    }
    const caller: Caller = { isOpen: true, answers, events: { bytes: () => {}, closed: () => {} } }
    return Object.assign(caller, { events: exchanges.accept(stream) })
  }

  /** The beginning of an encrypted message that would be `length` bytes long. */
  function beginning (length: number): Uint8Array {
    const bytes = Buffer.alloc(length)
    bytes[0] = 10
    bytes.writeUInt32BE(LIMITS.frame, 1)
    return bytes
  }

  const question = codec.encode({ kind: 'failure', reason: 'none' }, 'dialer')

  it('hold a bounded number of bytes together; whoever holds the most goes first', () => {
    const large = Array.from({ length: 3 }, (_, index) => call(index + 1))
    large[0]?.events.bytes(beginning(15 * KIB))
    large[1]?.events.bytes(beginning(18 * KIB))
    large[2]?.events.bytes(beginning(16 * KIB))
    expect(large.map(({ isOpen }) => isOpen)).to.deep.equal([true, true, true])
    call(4).events.bytes(beginning(17 * KIB))
    expect(refused).to.deep.equal(['2 too-much'])
    expect(large.map(({ isOpen }) => isOpen)).to.deep.equal([true, false, true])
    const small = call(5)
    small.events.bytes(question)
    expect(small.answers).to.have.length(1)
  })

  it('give back what they held when they end', () => {
    for (let turn = 0; turn < 10; turn++) {
      const caller = call(turn)
      caller.events.bytes(beginning(19 * KIB))
      caller.events.closed('reset')
    }
    expect(refused).to.deep.equal([])
  })

  it('are ended, and counted, when their message is not whole in time, however steadily it drips', () => {
    const caller = call(1)
    for (let drop = 0; drop < 5; drop++) {
      caller.events.bytes(drop === 0 ? beginning(6) : new Uint8Array(1))
      clock.advance(TIMEOUT / 5)
    }
    expect([caller.isOpen, refused]).to.deep.equal([false, ['1 too-slow']])
    expect(clock.pending).to.equal(0)
  })

  it('are at most 128 at once; further ones are refused, and counted', () => {
    const callers = Array.from({ length: 129 }, (_, index) => call(index + 1))
    expect([callers.filter(({ isOpen }) => isOpen).length, refused]).to.deep.equal([128, ['129 too-many']])
  })

  it('lose nothing by an answer', () => {
    const caller = call(1)
    caller.events.bytes(question)
    caller.events.bytes(beginning(100))
    expect([caller.answers.length, caller.isOpen, refused]).to.deep.equal([1, false, []])
  })
})
