import { expect } from 'chai'
import type { PreparedModule } from '../../../../../kernel/contract/index.js'
import { ModuleCache } from '../../../../../kernel/lifecycle/agents/module-cache.js'

const LIMITS = { memoryBytes: 65_536, fuelPerMessage: 1_000, fuelPerStart: 1_000, messageBytes: 1_024 }
const USE = { module: 'hash', granted: ['send'], limits: LIMITS } as const
const PREPARED: PreparedModule = { artefact: 1, uses: [], keepsState: false, codeBytes: 1 }

describe('the module cache', () => {
  let cache: ModuleCache
  let made: number
  const prepare = async (): Promise<PreparedModule> => {
    made += 1
    return PREPARED
  }

  beforeEach(() => {
    cache = new ModuleCache()
    made = 0
  })

  it('prepares a module once for all who use it at the same time or later', async () => {
    await Promise.all([cache.take(USE, prepare), cache.take({ ...USE }, prepare)])
    await cache.take(USE, prepare)
    expect(made).to.equal(1)
  })

  it('prepares it again for other permissions or limits', async () => {
    await cache.take(USE, prepare)
    await cache.take({ ...USE, granted: ['send', 'log'] }, prepare)
    await cache.take({ ...USE, limits: { ...LIMITS, memoryBytes: 131_072 } }, prepare)
    expect(made).to.equal(3)
  })

  it('forgets a module when its last user has given it back', async () => {
    await cache.take(USE, prepare)
    await cache.take(USE, prepare)
    cache.release(USE)
    await cache.take(USE, prepare)
    expect(made).to.equal(1)
    cache.release(USE)
    cache.release(USE)
    cache.release(USE)
    await cache.take(USE, prepare)
    expect(made).to.equal(2)
  })

  it('keeps nothing of a module that was refused', async () => {
    const refuse = async (): Promise<PreparedModule> => { throw new Error('refused') }
    const outcomes = await Promise.allSettled([cache.take(USE, refuse), cache.take(USE, refuse)])
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected'])
    expect(await cache.take(USE, prepare)).to.equal(PREPARED)
  })
})
