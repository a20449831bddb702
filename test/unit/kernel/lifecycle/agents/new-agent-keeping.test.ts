import { expect } from 'chai'
import { NewAgentKeeping } from '../../../../../kernel/lifecycle/agents/new-agent-keeping.js'
import type { AgentPlan } from '../../../../../kernel/lifecycle/agents/agent-record.js'
import { AgentRoster } from '../../../../../kernel/lifecycle/agents/agent-roster.js'
import { Directory } from '../../../../../kernel/routing/directory/directory.js'
import { RouteTable, routeTableBuffer } from '../../../../../kernel/routing/directory/route-table.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'

const MODULE = Uint8Array.of(1)
const FULL = new Error('the disk is full')

const plan = (name: string, module = 'm'): AgentPlan => ({
  name, module, signature: undefined, permissions: [], granted: [],
  limits: { memoryBytes: 65_536, fuelPerMessage: 1, fuelPerStart: 2, messageBytes: 3 },
  mailboxMessages: 4, messageRate: 5, logLines: 6, configuration: new Uint8Array(0), delivery: 'at-most-once', deployedAt: 8, version: 9,
  claim: 10, group: undefined, wish: { strategy: 'spread' },
})

describe('the keeping of a new agent', () => {
  let roster: AgentRoster
  let log: RecordingLogger
  /** What the disk was asked. */
  let asked: string[]
  let refuses: (what: string) => boolean

  beforeEach(() => {
    roster = new AgentRoster(new Directory(new RouteTable(routeTableBuffer()), () => {}), 10, {
      ended: () => {}, changed: () => {}, forgotten: () => {},
    })
    log = new RecordingLogger()
    asked = []
    refuses = () => false
  })

  const keeping = (agent: AgentPlan): NewAgentKeeping => {
    const ask = async (what: string): Promise<void> => {
      asked.push(what)
      if (refuses(what)) throw FULL
    }
    const store = {
      keepVersion: ({ plan: { name } }: { readonly plan: AgentPlan }) => ask(`keep ${name}`),
      forget: (name: string, unused: string | undefined) => ask(`forget ${name}, ${unused ?? 'no module'}`),
    }
    return new NewAgentKeeping(agent, MODULE, { store, roster, log })
  }

  it('begins once, however often it is asked to', async () => {
    const one = keeping(plan('one'))
    await Promise.all([one.begin(), one.begin()])
    await one.begin()
    expect(asked).to.deep.equal(['keep one'])
  })

  it('takes back what it kept, with its module', async () => {
    const one = keeping(plan('one'))
    void one.begin()
    await one.takeBack()
    expect(asked).to.deep.equal(['keep one', 'forget one, m'])
  })

  it('leaves the module to another agent that is on its way to the disk', async () => {
    const [one, two] = [keeping(plan('one')), keeping(plan('two'))]
    await Promise.all([one.begin(), two.begin()])
    await one.takeBack()
    await two.takeBack()
    expect(asked.slice(2)).to.deep.equal(['forget one, no module', 'forget two, m'])
  })

  it('leaves the module to another agent that has arrived, and to nobody who was removed afterwards', async () => {
    const [one, second] = [keeping(plan('one')), plan('two')]
    await Promise.all([one.begin(), keeping(second).begin()])
    const record = roster.enter(second)
    expect(roster.unusedModule(plan('one'))).to.equal(undefined)
    roster.forget(record)
    await one.takeBack()
    expect(asked.at(-1)).to.equal('forget one, m')
  })

  it('has nothing to take back when it did not begin, or the disk refused it', async () => {
    await keeping(plan('one')).takeBack()
    refuses = () => true
    const two = keeping(plan('two'))
    expect(await two.begin().catch((error: unknown) => error)).to.equal(FULL)
    await two.takeBack()
    expect(asked).to.deep.equal(['keep two'])
    expect(roster.unusedModule(plan('three'))).to.equal('m')
  })

  it('says in the log what could not be taken back', async () => {
    refuses = what => what.startsWith('forget')
    const one = keeping(plan('one'))
    await one.begin()
    await one.takeBack()
    expect(log.lines).to.deep.equal([{
      level: 'error', message: 'an agent that was refused could not be taken back from the disk; the next start tries it again',
      fields: { agent: 'one', cause: 'the disk is full' },
    }])
  })
})
