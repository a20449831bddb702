import { expect } from 'chai'
import { sharedMemory, SHARD_WORD } from '../../../../../kernel/lifecycle/shards/shard-memory.js'
import { ShardPool } from '../../../../../kernel/lifecycle/shards/shard-pool.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { CONVERSATION_LIMITS } from '../../../../support/routing-scene.js'
import { NO_TRACING } from '../../../../support/trace-samples.js'
import { SeededRandom } from '../../../../support/seeded-random.js'
import { scriptEngine } from '../../../../support/script-engine/script-engine.js'
import { until } from '../../../../support/until.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('the pool of shards', () => {
  let clock: VirtualClock
  let pool: ShardPool
  let happened: string[]
  let log: RecordingLogger

  beforeEach(async () => {
    clock = new VirtualClock()
    happened = []
    log = new RecordingLogger()
    const memory = sharedMemory(1, 10)
    pool = new ShardPool({
      pattern: {
        memory, protocols: [], factoryModule: scriptEngine().factoryModule, engineSettings: {}, tracing: NO_TRACING, agents: 10,
        mailboxBytes: 65_536, slabBytes: 2 ** 24, sendsPerMessage: 10, fanOut: 10, conversations: CONVERSATION_LIMITS,
      },
      memory, wallLimit: 500, clock, random: new SeededRandom(1), log,
      events: {
        event: () => {},
        lost: (shard, blamed) => happened.push(`lost ${shard}, blamed ${blamed}`),
        back: shard => happened.push(`back ${shard}`),
      },
    })
    await pool.start()
  })
  afterEach(() => pool.stop())
  /** Makes it look as if an agent held the thread, until it is killed. */
  const hang = (): void => {
    Atomics.store(pool.counters[0]?.words ?? new Int32Array(0), SHARD_WORD.running, 7)
    for (let passed = 0; passed <= 600; passed += 50) clock.advance(50)
  }

  it('kills a shard whose agent holds it too long, blames the agent, and starts the shard anew', async () => {
    hang()
    await until(() => happened.length === 2)
    expect(happened).to.deep.equal(['lost 0, blamed 7', 'back 0'])
    expect(pool.health()).to.deep.equal({ state: 'ready' })
  })

  it('is degraded while a shard is started anew', async () => {
    hang()
    await until(() => happened.length === 1)
    expect(pool.health()).to.deep.equal({ state: 'degraded', detail: 'shard 1 went away and is being started anew' })
    await until(() => happened.length === 2)
  })

  it('has failed, and says so, when a shard does not end although it was killed; whoever waits for it is told', async () => {
    hang()
    const waiting = pool.link(0).stopAgent(0, false).catch((error: unknown) => {
      happened.push('told')
      return error
    })
    clock.advance(2_000)
    expect(await waiting).to.have.property('code', 'AGENTS_STOPPING')
    await until(() => log.lines.some(({ message }) => message.startsWith('shard 1 does not end although it was killed')))
    await until(() => happened.length === 3)
    expect(happened[0]).to.equal('told')
    expect(pool.health().state).to.equal('ready')
  })

  it('leaves a shard that went away right after its start, twice, alone for a moment', async () => {
    hang()
    await until(() => happened.length === 2)
    hang()
    await until(() => happened.length === 3)
    expect(pool.health().state).to.equal('degraded')
    clock.advance(1_000)
    await until(() => happened.length === 4)
  })

  it('gives an order to nobody when the thread is gone', async () => {
    await pool.stop()
    pool.link(0).tell({ kind: 'park', slot: 0 })
    const error = await pool.link(0).create([]).catch((cause: unknown) => cause)
    expect(error).to.have.property('code', 'AGENTS_STOPPING')
    expect(clock.pending).to.equal(0)
  })
})
