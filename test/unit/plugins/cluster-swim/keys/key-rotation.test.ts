import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import type { Clock } from '../../../../../kernel/contract/index.js'
import { KeyRotation } from '../../../../../plugins/cluster-swim/keys/key-rotation.js'
import { keyText } from '../../../../../plugins/cluster-swim/keys/key-text.js'
import { GossipKey } from '../../../../../plugins/cluster-swim/wire/gossip-key.js'
import { wireSettings } from '../../../../support/cluster-swim/wire-settings.js'
import { SimulatedCluster } from '../../../../support/cluster-swim/simulated-cluster.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

const HOUR = 3_600_000

function newKey (bytes = 32): GossipKey {
  const key = GossipKey.of(randomBytes(bytes))
  if (key === undefined) throw new Error('no key')
  return key
}

/** The same clock, some milliseconds ahead. */
const ahead = (clock: Clock, milliseconds: number): Clock =>
  ({ now: () => clock.now() + milliseconds, elapsed: () => clock.elapsed(), after: (wait, action) => clock.after(wait, action) })

describe('rotation of gossip keys', () => {
  const log = new RecordingLogger()
  const master = newKey()
  const at = (clock: Clock, isUsed = true, keys: readonly [GossipKey, ...GossipKey[]] = [master]): KeyRotation => {
    const rotation = new KeyRotation(keys, { interval: HOUR, isUsed }, clock, log)
    rotation.start()
    return rotation
  }
  const reads = (reader: KeyRotation, writer: KeyRotation): boolean =>
    reader.ring.list().some(key => key.equals(writer.ring.primary))

  it('gives each period a key of its own, the same on every node, and forgets the one before the last', () => {
    const clock = new VirtualClock()
    const [one, two] = [at(clock), at(clock)]
    const seen: string[] = []
    for (let period = 0; period < 5; period++) {
      expect(keyText(two.ring.primary)).to.equal(keyText(one.ring.primary))
      expect(one.ring.list()).to.have.length(4)
      seen.push(keyText(one.ring.primary))
      expect(one.ring.list().map(keyText).filter(text => seen.includes(text))).to.deep.equal(seen.slice(-2).reverse())
      clock.advance(HOUR)
    }
    expect(new Set([...seen, keyText(master)]).size).to.equal(6)
    one.stop()
    two.stop()
    expect(clock.pending).to.equal(0)
  })

  it('has nodes understand each other whose clocks differ by less than a period, whenever that is', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 42 }), fc.integer({ min: 0, max: HOUR - 1 }), (now, skew) => {
      const clock = new VirtualClock(now)
      const [one, two] = [at(clock), at(ahead(clock, skew))]
      const understand = reads(one, two) && reads(two, one)
      one.stop()
      two.stop()
      return understand
    }))
  })

  it('goes over node by node: those that only accept, and those that use rotated keys, understand each other', () => {
    const clock = new VirtualClock()
    const [accepting, using] = [at(clock, false), at(clock)]
    expect(keyText(accepting.ring.primary)).to.equal(keyText(master))
    expect([reads(accepting, using), reads(using, accepting)]).to.deep.equal([true, true])
    clock.advance(3 * HOUR)
    expect(keyText(accepting.ring.primary)).to.equal(keyText(master))
    expect([reads(accepting, using), reads(using, accepting)]).to.deep.equal([true, true])
    accepting.stop()
    using.stop()
  })

  it('replaces the configured key in rounds, with as many keys as there may be', () => {
    const clock = new VirtualClock()
    const others = [newKey(16), newKey(24), newKey()] as const
    const [before, during, after] = [at(clock), at(clock, true, [master, ...others]), at(clock, true, [others[2], master])]
    clock.advance(5 * HOUR)
    expect([reads(during, before), reads(before, during), reads(during, after), reads(after, during)])
      .to.deep.equal([true, true, true, true])
    expect(reads(before, after)).to.equal(false)
    for (const each of [before, during, after]) each.stop()
  })

  it('follows a wall clock that is set, within a minute', () => {
    const clock = new VirtualClock()
    const [one, two] = [at(clock), at(ahead(clock, 0))]
    clock.jumpTo(clock.now() + 100 * HOUR)
    clock.advance(60_000)
    const fresh = at(clock)
    expect(keyText(one.ring.primary)).to.equal(keyText(fresh.ring.primary))
    expect(one.ring.list()).to.have.length(4)
    for (const each of [one, two, fresh]) each.stop()
  })

  it('lets a cluster live through many periods, with clocks that differ, and lets in a node that comes late', async function () {
    this.timeout(20_000)
    const cluster = new SimulatedCluster(7)
    const rotations: KeyRotation[] = []
    const add = async (number: number): Promise<void> => {
      const rotation = new KeyRotation([master], { interval: 10_000, isUsed: true }, ahead(cluster.time, number * 2_000), log)
      rotation.start()
      rotations.push(rotation)
      const needs = { wire: wireSettings({ keyRing: rotation.ring }) }
      await cluster.add(`node-${number}`, { seeds: number === 1 ? [] : ['10.0.0.1:7946'], needs })
    }
    for (const number of [1, 2, 3]) await add(number)
    await cluster.until(() => cluster.isComplete(), 10_000, 'all see all')
    const first = rotations.map(({ ring }) => keyText(ring.primary))
    await cluster.time.pass(65_000)
    expect(rotations.every(({ ring }, index) => keyText(ring.primary) !== first[index])).to.equal(true)
    await add(4)
    await cluster.until(() => cluster.isComplete(), 10_000, 'the new node is seen by all')
    expect([...cluster.changes('suspected'), ...cluster.changes('died')]).to.deep.equal([])
    for (const rotation of rotations) rotation.stop()
    await cluster.stop()
  })
})
