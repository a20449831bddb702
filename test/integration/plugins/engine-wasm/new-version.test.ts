import { create } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AgentManifestSchema, ReplaceStrategy } from '../../../../kernel/contract/index.js'
import { WasmEngine } from '../../../../plugins/engine-wasm/engine.js'
import { compileAgent } from '../../../support/compiled-agents.js'
import { memoryStore, TestHosting, textOf } from '../../../support/hosting.js'
import { until } from '../../../support/until.js'

const SENDERS = ['one', 'two', 'three', 'four']
const EACH = 1_000
const VERSIONS = 12

describe('engine-wasm: new versions of a running agent', function () {
  this.timeout(60_000)
  let hosting: TestHosting
  const deploy = async (name: string, kind: string, configuration: string, strategy = ReplaceStrategy.GRACEFUL): Promise<void> => {
    const manifest = create(AgentManifestSchema, {
      name, strategy, replace: true, configuration: Buffer.from(configuration), limits: { mailboxMessages: 20_000 },
    })
    await hosting.hosting.agents.deploy(manifest, compileAgent(`test/fixtures/agents/assembly/${kind}.ts`))
  }
  const linesOf = (name: string): string[] => hosting.hosting.agentLogs.latest(name, 100).map(({ text }) => text)

  beforeEach(async () => {
    const engine = new WasmEngine({
      module_max_bytes: 1 << 20, function_max_bytes: 65_536, table_max_entries: 100, log_max_bytes: 1_000,
    })
    hosting = await TestHosting.start(['agents.shards=2', 'agents.mailbox_bytes=8MiB'], memoryStore(), engine)
  })
  afterEach(() => hosting.stop())

  it('lose and double no message under load, good ones and bad ones in turn', async () => {
    await deploy('recorder', 'recorder', 'first')
    for (const name of SENDERS) await deploy(name, 'stream', String(EACH))
    for (const name of SENDERS) await hosting.tell(name)
    let [taken, refused] = [0, 0]
    const quirks = ['a', 'trap-at-load', 'b', 'trap-at-start', 'spin-at-load', 'c']
    while (taken < VERSIONS || !SENDERS.every(name => linesOf(name).length > 0)) {
      const turn = taken + refused
      const strategy = turn % 2 === 0 ? ReplaceStrategy.IMMEDIATE : ReplaceStrategy.GRACEFUL
      try {
        await deploy('recorder', 'recorder', quirks[turn % quirks.length] ?? '', strategy)
        taken += 1
      } catch (error) {
        expect(error).to.have.property('code', 'DEPLOYMENT_FAILED')
        refused += 1
      }
    }
    const report = async (): Promise<string[]> => {
      const [answer] = await hosting.ask('recorder', {}, 20_000)
      return Object.values(JSON.parse(textOf(answer)) as Record<string, string>)
    }
    // Their last messages may still be under way between the threads.
    await until(async () => (await report()).every(text => text.includes(` ${EACH} `)))
    expect(await report()).to.deep.equal(SENDERS.map(() => `${EACH} ${EACH} 0`))
    expect(SENDERS.flatMap(linesOf)).to.deep.equal(SENDERS.map(() => 'done'))
    expect(refused).to.be.greaterThan(2)
    expect(hosting.hosting.agents.find('recorder')).to.include({ restarts: 0 })
    expect(hosting.hosting.agents.find('recorder').plan.version).to.equal(taken + 1)
  })
})
