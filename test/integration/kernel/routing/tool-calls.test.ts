import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AclMessageSchema, newTrace, ReplaceStrategy, type AgentManifestSchema } from '../../../../kernel/contract/index.js'
import { memoryStore, TestHosting, textOf } from '../../../support/hosting.js'
import { MoodyStore } from '../../../support/moody-store.js'
import { NotingTools } from '../../../support/tools/noting-tools.js'
import { REQUEST } from '../../../support/request-protocol.js'
import { scriptEngine } from '../../../support/script-engine/script-engine.js'
import { until } from '../../../support/until.js'

const SETS = ['agents.shards=2', 'agents.restart_delay=5ms', 'agents.tool_calls=2', 'messages.retry_delay=5ms']

describe('calls of tools by agents', () => {
  let tools: NotingTools
  let store: MoodyStore
  let hosting: TestHosting

  const start = async (): Promise<TestHosting> => TestHosting.start(SETS, store.asStore, scriptEngine(), [REQUEST], tools)
  beforeEach(async () => {
    tools = new NotingTools()
    store = new MoodyStore(memoryStore())
    hosting = await start()
  })
  afterEach(async () => {
    store.failsWork = false
    await hosting.stop()
  })

  const deploy = (more: MessageInitShape<typeof AgentManifestSchema> = {}): Promise<boolean> =>
    hosting.deploy('clerk', 'ledger', { allow: ['call'], ...more })
  const tell = async (content: string): Promise<void> => {
    const message = create(AclMessageSchema, { performative: 'inform', receiver: 'clerk', content: Buffer.from(content) })
    await hosting.hosting.callers.send(message, newTrace(hosting.random), undefined)
  }
  /** What the agent wrote down of tools, once there is as much. */
  const heard = async (count: number): Promise<string[]> => {
    let entries: string[] = []
    await until(async () => {
      const all = JSON.parse(textOf((await hosting.ask('clerk'))[0])) as string[]
      entries = all.filter(entry => !/^(call|keep-call|withdraw|trap) /.test(entry))
      return entries.length >= count
    })
    return entries
  }

  it('are answered by a message that says to which call it belongs', async () => {
    await deploy()
    await tell('call bank.pay one {"coins":3}')
    expect(await heard(1)).to.deep.equal(['one inform {"text":"{\\"coins\\":3}"}'])
    const [call] = tools.calls
    expect(call?.tool).to.equal('bank.pay')
    expect(call?.caller).to.deep.equal({ agent: 'clerk' })
    expect(call?.arguments).to.deep.equal({ coins: 3 })
    expect(call?.trace.traceId).to.match(/^[0-9a-f]{32}$/)
  })

  it('come back as failures with the reason, and what the tool says to it', async () => {
    await deploy()
    tools.answer = () => ({
      ok: false, code: 'TOOL_FAILED', reason: 'the bank is closed', details: { text: '', structured: { code: 'CLOSED' }, parts: [] },
    })
    await tell('call bank.pay one {}')
    expect(await heard(1)).to.deep.equal([
      'one failure {"code":"TOOL_FAILED","reason":"the bank is closed","details":{"text":"","structured":{"code":"CLOSED"}}}',
    ])
  })

  it('are refused to whoever was not granted the tool, and to nobody else', async () => {
    await deploy({ allow: ['call:bank.*'] })
    await tell('call vault.open one {}')
    await tell('call bank.pay two {}')
    expect(await heard(2)).to.deep.equal(['request: -7', 'two inform {"text":"{}"}'])
    await hosting.deploy('other', 'ledger', {})
    expect(hosting.metric('caxton_agents_denied_total')).to.equal(1)
  })

  it('need arguments that are a JSON object', async () => {
    await deploy()
    await tell('call bank.pay one [1]')
    await tell('call bank.pay two {')
    expect((await heard(2)).map(entry => entry.slice(0, 42))).to.deep.equal([
      'one failure {"code":"TOOL_ARGUMENTS_INVALID', 'two failure {"code":"TOOL_ARGUMENTS_INVALID',
    ].map(entry => entry.slice(0, 42)))
    expect(tools.calls).to.have.length(0)
  })

  it('can be withdrawn, and are bounded in number for each agent', async () => {
    await deploy()
    for (const label of ['one', 'two', 'three']) await tell(`call slow.count ${label} {}`)
    expect((await heard(1))[0]).to.contain('three failure {"code":"TOOL_BUSY"')
    await tell('withdraw two')
    expect((await heard(2))[1]).to.contain('two failure {"code":"TOOL_CANCELLED"')
    expect(tools.withdrawn).to.equal(1)
  })

  it('end when their agent is gone for good', async () => {
    await deploy()
    await tell('call slow.count one {}')
    await until(() => tools.calls.length === 1)
    await hosting.hosting.agents.remove('clerk')
    await until(() => tools.withdrawn === 1)
  })

  it('come back as a failure when the answer is larger than what the agent takes', async () => {
    await deploy({ limits: { messageBytes: 2_000n } })
    tools.answer = () => ({ ok: true, answer: { text: 'x'.repeat(3_000), structured: undefined, parts: [] } })
    await tell('call bank.pay one {}')
    expect((await heard(1))[0]).to.contain('one failure {"code":"TOOL_RESULT_TOO_LARGE"')
  })

  it('of a shadow are discarded', async () => {
    await hosting.deploy('clerk', 'ledger')
    await hosting.deploy('clerk', 'ledger', { allow: ['call'], replace: true, strategy: ReplaceStrategy.SHADOW })
    await tell('call bank.pay one {}')
    expect(await heard(1)).to.deep.equal(['request: -7'])
    const shadow = hosting.hosting.agents.rollouts.of('clerk')
    expect(shadow).not.to.equal(undefined)
    await until(() => hosting.metric('caxton_messages_processed_total') >= 3)
    expect(tools.calls).to.have.length(0)
  })

  it('of an exactly-once message leave only with its commit, and never for work that did not happen', async () => {
    await deploy({ delivery: 'exactly-once' })
    store.failsWork = true
    await tell('call bank.pay one {}')
    await until(() => store.failed > 1)
    expect(tools.calls).to.have.length(0)
    store.failsWork = false
    expect(await heard(1)).to.deep.equal(['one inform {"text":"{}"}'])
    expect(tools.calls).to.have.length(1)
    expect(tools.calls[0]?.key).to.match(/^[0-9a-f]+-[0-9a-f]+\.1$/)
  })

  it('that are kept are made again after a restart, under the same key, and answered once', async () => {
    await deploy()
    await tell('keep-call slow.count one {}')
    await until(() => tools.calls.length === 1)
    await hosting.stop()
    const [first] = tools.calls
    tools = new NotingTools()
    tools.call = async call => {
      tools.calls.push(call)
      return tools.answer(call)
    }
    hosting = await start()
    expect(await heard(1)).to.deep.equal(['one inform {"text":"{}"}'])
    expect(tools.calls.map(({ key }) => key)).to.deep.equal([first?.key])
    await until(() => hosting.hosting.durable.delivery.waiting === 0)
  })

  it('are not available on a server without tools', async () => {
    await hosting.stop()
    hosting = await TestHosting.start(SETS)
    await deploy()
    await tell('call bank.pay one {}')
    expect(await heard(1)).to.deep.equal(['request: -8'])
  })
})
