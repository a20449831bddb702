import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { newTrace } from '../../../../kernel/contract/index.js'
import { SystemClock } from '../../../../kernel/observability/system-clock.js'
import { CONTRACT_NET_PROTOCOL } from '../../../../plugins/protocol-contract-net/contract-net-protocol.js'
import { RunTaskRequestSchema } from '../../../../plugins/tasks-contract-net/proto/caxton/v1/tasks_pb.js'
import { TaskRunner } from '../../../../plugins/tasks-contract-net/task-runner.js'
import { TestHosting } from '../../../support/hosting.js'
import type { Rules } from '../../../support/script-engine/rules-guest.js'
import { scriptEngine } from '../../../support/script-engine/script-engine.js'
import { until } from '../../../support/until.js'

const CONTENT = Buffer.from('{"deliver":"chairs"}')

describe('Tasks of callers', function () {
  this.timeout(20_000)
  let server: TestHosting
  let tasks: TaskRunner

  before(async () => {
    const sets = ['agents.shards=2', 'agents.restart_delay=10ms']
    server = await TestHosting.start(sets, undefined, scriptEngine(), [CONTRACT_NET_PROTOCOL])
    tasks = new TaskRunner(server.hosting.exchanges, server.hosting.capabilities, new SystemClock())
    const bids = (price: number): Rules => ({
      'cfp': [[{ act: 'propose', content: `{"price":${price}}` }]], 'accept-proposal': [[{ act: 'inform', content: '"done"' }]],
    })
    await agent('cheap', bids(5))
    await agent('dear', bids(50))
    await agent('shy', { cfp: [[{ act: 'refuse', content: '"no"' }]] })
    await agent('slow', {})
    await agent('mortal', { cfp: ['trap'] })
    await agent('boaster', { 'cfp': [[{ act: 'propose', content: '{"price":1}' }]], 'accept-proposal': ['trap'] })
    await agent('sleeper', { cfp: [[{ act: 'propose', content: '{"price":1}' }]] })
  })

  after(() => server.stop())

  const agent = (name: string, rules: Rules): Promise<boolean> => server.deploy(name, JSON.stringify(rules))

  async function run (request: MessageInitShape<typeof RunTaskRequestSchema>, signal = new AbortController().signal) {
    const events: string[] = []
    const outcomes: object[] = []
    const asked = create(RunTaskRequestSchema, { content: CONTENT, deadlineMilliseconds: 300, resultMilliseconds: 300, ...request })
    for await (const { event, agent: who = '', reason, outcome } of tasks.run(asked, newTrace(server.random), signal)) {
      if (outcome === undefined) events.push([who, event, reason].filter(Boolean).join(' '))
      else outcomes.push(outcome)
    }
    return { events, outcome: outcomes[0] }
  }

  it('go to the cheapest, past one who refuses, one who is silent, one who dies and one who is not there', async () => {
    const { events, outcome } = await run({ to: ['cheap', 'dear', 'shy', 'slow', 'mortal', 'nobody'] })
    expect(events).to.include.members([
      'nobody failed AGENT_NOT_FOUND', 'shy refused', 'slow refused DEADLINE_PASSED', 'mortal failed AGENT_TRAPPED', 'cheap proposed',
      'cheap awarded', 'dear rejected', 'cheap delivered',
    ])
    expect(outcome).to.deep.equal({ called: 6, proposed: 2, refused: 4, awarded: 1, delivered: ['cheap'], failed: [] })
  })

  it('fail when those who were awarded die or fall silent', async () => {
    const { events, outcome } = await run({ to: ['boaster', 'sleeper', 'dear'], awards: 2 })
    expect(events.slice(-2)).to.have.members(['boaster failed AGENT_TRAPPED', 'sleeper failed DEADLINE_PASSED'])
    expect(outcome).to.deep.include({ awarded: 2, delivered: [] })
  })

  it('reach a hundred and twenty agents', async () => {
    const crowd = Array.from({ length: 120 }, (_, index) => `crowd-${index}`)
    for (const [index, name] of crowd.entries()) {
      await agent(name, {
        'cfp': [[{ act: 'propose', content: `{"price":${200 - index}}` }]], 'accept-proposal': [[{ act: 'inform' }]],
      })
    }
    const { outcome } = await run({ to: crowd, awards: 3, deadlineMilliseconds: 10_000, resultMilliseconds: 10_000 })
    expect(outcome).to.deep.include({ called: 120, proposed: 120, awarded: 3 })
    expect((outcome as { delivered: string[] }).delivered).to.have.members(['crowd-119', 'crowd-118', 'crowd-117'])
  })

  it('are cancelled with the agents when the caller leaves', async () => {
    const leaving = new AbortController()
    let cancelled = 0
    void (async () => {
      for await (const { message } of server.hosting.messageWatch.watch(['slow'], leaving.signal)) {
        if (message?.performative === 'cancel') cancelled += 1
      }
    })()
    const caller = new AbortController()
    const running = run({ to: ['slow'], deadlineMilliseconds: 60_000 }, caller.signal).catch((error: Error) => error.name)
    await until(() => server.hosting.messageWatch.isWanted)
    caller.abort()
    expect(await running).to.equal('AbortError')
    await until(() => cancelled === 1)
    leaving.abort()
  })

  it('go to whoever offers a capability, for this protocol', async () => {
    const bid = { 'cfp': [[{ act: 'propose' }]], 'accept-proposal': [[{ act: 'inform' }]] } satisfies Rules
    await server.deploy('painter', JSON.stringify({ ...bid, offers: { name: 'painting', version: '1.2.0' } }))
    await server.deploy('other', JSON.stringify({ ...bid, offers: { name: 'painting', version: '1.2.0', protocols: ['fipa-request'] } }))
    await server.deploy('old', JSON.stringify({ ...bid, offers: { name: 'painting', version: '0.9.0' } }))
    const { outcome } = await run({ capability: 'painting@^1.1' })
    expect(outcome).to.deep.include({ called: 1, delivered: ['painter'] })
    expect(await run({ capability: 'singing' }).catch((error: { code?: string }) => error.code)).to.equal('TASK_UNOFFERED')
  })

  it('are refused when they name nobody', async () => {
    expect(await run({ to: [] }).catch((error: { code?: string }) => error.code)).to.equal('TASK_INVALID')
  })
})
