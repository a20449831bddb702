import { setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import { AgentState, FRAME, HOST_RESULTS, type Agent } from '../../../kernel/contract/index.js'
import { echoModule, hostileModule } from '../../support/hostile-modules.js'
import { codeOf, jsonContent, type ServerClient } from '../../support/server-client.js'
import { ServerProcess } from '../../support/server-process.js'
import { until } from '../../support/until.js'
import { during, type Noticed } from '../../support/vigil.js'

const MIB = 1024 * 1024
/** Nobody else may wait longer for an answer during an attack, in milliseconds. */
const BOUND = 1_000
const RESTART_DELAY = 20
const STRIKES = 5
const FIGHT = 60_000
/** How long an attack without an end of its own is borne, in milliseconds. */
const SIEGE = 1_500

describe('Hostile agents', function () {
  this.timeout(FIGHT)
  let server: ServerProcess
  let neighbours: ServerClient
  let attacker: ServerClient

  before(async () => {
    server = await ServerProcess.start({
      sets: ['agents.shards=1', `agents.restart_delay=${RESTART_DELAY}ms`, `agents.strikes=${STRIKES}`],
    })
    neighbours = server.client()
    attacker = server.client()
    await neighbours.deploy('neighbour', await echoModule())
  })

  after(async () => {
    expect(await server.stop()).to.equal(0)
  })

  afterEach(async () => {
    for (const { name } of await attacker.list()) if (name !== 'neighbour') await attacker.remove(name)
  })

  /** Runs an attack and asserts that nobody else suffered from it. */
  const borne = async (title: string, attack: () => Promise<void>): Promise<Noticed> => {
    const before = await server.resident()
    const noticed = await during(neighbours, 'neighbour', attack)
    const after = await server.resident()
    process.stdout.write(`        ${title}: ${noticed.asks} asks, slowest ${noticed.slowestAsk} ms; ` +
      `${noticed.statuses} statuses, slowest ${noticed.slowestStatus} ms; ${Math.round((after - before) / MIB)} MiB\n`)
    expect(noticed.failures).to.deep.equal([])
    expect(noticed.slowestAsk).to.be.below(BOUND)
    expect(noticed.slowestStatus).to.be.below(BOUND)
    expect(after - before, 'growth of the server').to.be.below(128 * MIB)
    expect(server.log.filter(({ msg }) => String(msg).includes('shard went away'))).to.deep.equal([])
    return noticed
  }

  const deployed = async (name: string, as = name): Promise<void> => {
    const { agent } = await attacker.deploy(as, await hostileModule(name))
    expect(agent?.state).to.equal(AgentState.RUNNING)
  }

  /** One strike: what the sender is told, and the agent when the supervisor has done with it. */
  const strike = async (name: string, code: string, restarts: number): Promise<Agent> => {
    const answer = await attacker.ask(name)
    expect(answer).to.include({ performative: 'failure', sender: name })
    expect(jsonContent(answer)).to.include({ code })
    return await attacker.settled(name, restarts)
  }

  const attacks: ReadonlyArray<readonly [fixture: string, does: string, code: string]> = [
    ['loops', 'loops for ever', 'AGENT_OUT_OF_FUEL'],
    ['fills-memory', 'fills its memory for ever', 'AGENT_OUT_OF_FUEL'],
    ['copies-memory', 'copies its memory for ever', 'AGENT_OUT_OF_FUEL'],
    ['recurses', 'recurses without end', 'AGENT_STACK_OVERFLOW'],
    ['recurses-into-host', 'calls the host from every depth of its recursion', 'AGENT_OUT_OF_FUEL'],
    ['grows', 'grows its memory without end', 'AGENT_OUT_OF_FUEL'],
    ['traps', 'traps', 'AGENT_TRAPPED'],
    ['storms', 'calls the host without end', 'AGENT_OUT_OF_FUEL'],
    ['storms-random', 'asks for chance without end', 'AGENT_OUT_OF_FUEL'],
    ['storms-wasi', 'writes to standard output without end', 'AGENT_OUT_OF_FUEL'],
    ['registers', 'registers capabilities without end', 'AGENT_OUT_OF_FUEL'],
    ['registers-again', 'registers one capability without end', 'AGENT_OUT_OF_FUEL'],
    ['timer-hoard', 'sets one timer without end', 'AGENT_OUT_OF_FUEL'],
    ['alloc-beyond', 'wants its messages beyond its memory', 'AGENT_OUT_OF_MEMORY'],
    ['alloc-negative', 'wants its messages below its memory', 'AGENT_OUT_OF_MEMORY'],
  ]
  for (const [fixture, does, code] of attacks) {
    it(`restarts an agent that ${does}, each time later, and quarantines it in the end`, async () => {
      await deployed(fixture)
      await borne(fixture, async () => {
        for (let count = 1; count < STRIKES; count++) {
          const sent = Date.now()
          const { restarts, quarantined, startedAt } = await strike(fixture, code, count)
          expect({ restarts, quarantined }).to.deep.equal({ restarts: count, quarantined: false })
          expect(Number(startedAt) - sent).to.be.at.least(RESTART_DELAY * 2 ** (count - 1) - 2)
        }
        const last = await strike(fixture, code, STRIKES)
        expect(last).to.include({ quarantined: true, state: AgentState.FAILED })
        expect(last.reason).to.match(/^quarantined: 5 strikes/)
      })
      expect(await codeOf(attacker.ask(fixture))).to.equal('AGENT_NOT_RUNNING')
    })
  }

  it('quarantines an agent that sends to its neighbour and to itself without end', async () => {
    await attacker.deploy('victim', await echoModule())
    await deployed('floods')
    await borne('floods', async () => {
      expect(jsonContent(await attacker.ask('floods'))).to.include({ code: 'AGENT_OUT_OF_FUEL' })
      await until(async () => (await attacker.agent('floods')).quarantined)
      expect((await attacker.agent('floods')).restarts).to.equal(STRIKES - 1)
    })
    expect(await attacker.agent('victim')).to.include({ state: AgentState.RUNNING, restarts: 0 })
  })

  it('quarantines an agent whose timer brings it to loop, though nobody wrote to it', async () => {
    await attacker.deploy('tick-loops', await hostileModule('tick-loops'))
    await borne('tick-loops', () => until(async () => (await attacker.agent('tick-loops')).quarantined))
  })

  it('counts restarts that fail as strikes', async () => {
    await deployed('init-loops-later')
    await attacker.deploy('signal', await echoModule())
    await borne('init-loops-later', async () => {
      expect(jsonContent(await attacker.ask('init-loops-later'))).to.include({ code: 'AGENT_TRAPPED' })
      await until(async () => (await attacker.agent('init-loops-later')).quarantined)
    })
    expect(await attacker.agent('init-loops-later')).to.include({ restarts: STRIKES - 1, state: AgentState.FAILED })
  })

  const bad: ReadonlyArray<readonly [fixture: string, does: string, because: RegExp]> = [
    ['start-loops', 'loops in its start function', /work units/],
    ['start-traps', 'traps in its start function', /trapped/],
    ['init-loops', 'loops in caxton_init', /work units/],
    ['init-registers', 'registers capabilities without end in caxton_init', /work units/],
  ]
  for (const [fixture, does, because] of bad) {
    it(`does not deploy an agent that ${does}, and leaves nothing of it behind`, async () => {
      const module = await hostileModule(fixture)
      await borne(fixture, async () => {
        for (let count = 0; count < 3; count++) {
          expect(await codeOf(attacker.deploy(fixture, module))).to.equal('DEPLOYMENT_FAILED')
        }
        expect(await messageOf(attacker.deploy(fixture, module))).to.match(because)
      })
      expect((await attacker.list()).map(({ name }) => name)).to.deep.equal(['neighbour'])
    })
  }

  it('fails the message that an agent has no room for, or reports as failed, and lets the agent live', async () => {
    for (const [fixture, code] of [['alloc-zero', 'AGENT_REJECTED'], ['reports-failure', 'AGENT_REPORTED_FAILURE']] as const) {
      await deployed(fixture)
      await borne(fixture, async () => {
        for (let count = 0; count <= STRIKES; count++) await strike(fixture, code, 0)
      })
      expect(await attacker.agent(fixture)).to.include({ state: AgentState.RUNNING, restarts: 0, messagesFailed: BigInt(STRIKES + 1) })
    }
  })

  const sieges: ReadonlyArray<readonly [fixture: string, name: string, does: string]> = [
    ['floods-within-bounds', 'steady', 'sends as much as it may to a neighbour and to itself, for ever'],
    ['floods-caller', 'chatty', 'sends as much as it may to a caller, for ever'],
    ['timer-storm', 'timer-storm', 'has 64 timers of 0 ms'],
    ['hoards-timers', 'hoards-timers', 'sets far timers as often as it may, for ever'],
    ['announces', 'announces', 'registers capabilities as often as it may, for ever'],
  ]
  for (const [fixture, name, does] of sieges) {
    it(`bears an agent that ${does}`, async () => {
      await attacker.deploy('victim', await echoModule())
      await borne(fixture, async () => {
        await deployed(fixture, name)
        await attacker.send(name)
        await setTimeout(SIEGE)
        expect((await attacker.agent(name)).restarts).to.equal(0)
        await attacker.remove(name)
      })
    })
  }

  it('refuses malformed frames, and stamps what an agent forged', async () => {
    await deployed('watches', 'watchr')
    await deployed('forges')
    const { content } = await attacker.ask('forges')
    const said = Buffer.from(content)
    const results = Array.from({ length: (said.length - 8) / 4 }, (_, index) => said.readInt32LE(index * 4))
    const { malformed, badRange, tooLarge, noSuchAgent, ok } = HOST_RESULTS
    expect(results).to.deep.equal([
      ...Array<number>(12).fill(malformed), badRange, badRange, tooLarge, noSuchAgent, noSuchAgent, noSuchAgent, results[18], ok,
    ])
    const seen = Buffer.from((await attacker.ask('watchr', { performative: 'query-ref' })).content)
    expect(seen.readBigInt64LE(FRAME.sender)).to.equal(said.readBigInt64LE(said.length - 8))
    expect(seen.readUInt8(FRAME.flags)).to.equal(0)
    expect(seen.readUInt32LE(FRAME.claimEpoch)).to.equal(0)
    const forged = Buffer.alloc(8, 9).readBigUInt64LE()
    for (const at of [FRAME.messageEpoch, FRAME.messageCounter, FRAME.traceId, FRAME.traceId + 8, FRAME.spanId]) {
      expect(seen.readBigUInt64LE(at)).to.not.equal(forged)
    }
    expect(seen.readUInt32LE(FRAME.sequence)).to.not.equal(0x09090909)
    expect((await attacker.agent('forges')).restarts).to.equal(0)
  })

  it('stops an agent that never comes out of saving its state', async () => {
    await deployed('save-loops')
    await borne('save-loops', () => attacker.stop('save-loops'))
    expect(await attacker.agent('save-loops')).to.include({ state: AgentState.STOPPED })
  })
})

async function messageOf (work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    return String(error)
  }
  return 'nothing was refused'
}
