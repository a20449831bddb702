import { expect } from 'chai'
import { AgentState } from '../../../../../kernel/contract/index.js'
import { permissionsOf } from '../../../../../kernel/command/commands/agents-deploy.js'
import { runCommand } from '../../../../support/command/run-command.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

const clock = new VirtualClock()
const echo = { name: 'echo', state: AgentState.RUNNING, startedAt: BigInt(clock.now() - 3_700_000), messagesHandled: 7n, restarts: 1 }
const broken = { name: 'broken', state: AgentState.FAILED, quarantined: true, reason: 'out of fuel' }

const listing = (total: number, ...agents: object[]) => ({ answers: { 'Agents/List': () => ({ agents, total }) } })

describe('agents commands', () => {
  it('list shows a table of the agents and how long they run', async () => {
    const { code, stdout, stderr } = await runCommand(['agents', 'list'], listing(2, echo, broken))
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    expect(stdout.split('\n')).to.deep.equal([
      'NAME    STATE        UPTIME  HANDLED  FAILED  RESTARTS  SHARD',
      'echo    running       1h 1m        7       0         1      0',
      'broken  quarantined       -        0       0         0      0',
      '',
    ])
  })

  it('list gives programs the canonical JSON with every field', async () => {
    const { stdout } = await runCommand(['agents', 'list', '-o', 'json'], listing(1, echo))
    expect(JSON.parse(stdout)).to.deep.equal({
      agents: [{
        name: 'echo', state: 'AGENT_STATE_RUNNING', quarantined: false, reason: '', module: '', deployedAt: '0',
        startedAt: String(echo.startedAt), shard: 0, messagesHandled: '7', messagesFailed: '0', restarts: 1,
        version: 0, group: '', groupStrategy: 'GROUP_STRATEGY_UNSPECIFIED', groupOrder: 0, node: '',
      }],
      total: 1,
    })
  })

  it('list says so when there is none, and how to get the rest when there are more', async () => {
    const none = await runCommand(['agents', 'list'], listing(0))
    expect(none).to.include({ stdout: '', stderr: 'no agents; deploy one with `caxton agents deploy FILE`\n' })
    const some = await runCommand(['agents', 'list', '--limit', '1'], listing(2, echo))
    expect(some.stderr).to.include('1 of 2 agents')
    expect(some.connector.asked[0]?.request).to.include({ limit: 1 })
  })

  it('list shows the nodes of a cluster, and no counters that are not known', async () => {
    const far = { ...echo, node: 'node-2', deployedAt: 0n }
    const { stdout, connector } = await runCommand(['agents', 'list', '--node', 'node-2'], listing(1, far))
    expect(stdout.split('\n')[0]).to.match(/^NAME +NODE +STATE/)
    expect(stdout.split('\n')[1]).to.match(/^echo +node-2 +running +\S+ \S+ +- +- +- +-$/)
    expect(connector.asked[0]?.request).to.include({ node: 'node-2' })
  })

  it('list --names prints bare names for scripts and completion', async () => {
    const { stdout } = await runCommand(['agents', 'list', '--names', '--prefix', 'e'], listing(2, echo, broken))
    expect(stdout).to.equal('echo\nbroken\n')
  })

  it('inspect shows a record', async () => {
    const answer = {
      agent: broken, permissions: ['send', 'log'], memoryBytes: 65536n,
      limits: { memoryBytes: 16n * 2n ** 20n, mailboxMessages: 256, fuelPerMessage: 5n },
    }
    const { stdout, connector } = await runCommand(['agent', 'inspect', 'broken'], { answers: { 'Agents/Inspect': () => answer } })
    expect(connector.asked[0]?.request).to.include({ name: 'broken' })
    expect(stdout).to.match(/^name +broken\nstate +quarantined\nreason +out of fuel\n/)
    expect(stdout).to.match(/memory +64\.0 KiB of 16\.0 MiB/)
    expect(stdout).to.match(/permissions +send, log/)
  })

  it('logs prints each line as it comes and escapes what an agent wrote', async () => {
    const lines = [{ at: 1n, level: 'info', text: 'started' }, { at: 2n, level: 'error', text: 'x\u001b[2Jy' }]
    const answers = { 'Agents/Logs': async function * () { yield * lines } }
    const { stdout, connector } = await runCommand(['agents', 'logs', 'echo', '-f', '--lines', '5'], { answers })
    expect(connector.asked[0]?.request).to.include({ name: 'echo', lines: 5, follow: true })
    expect(stdout).to.match(/^\d\d:\d\d:\d\d\.001 info {2}started\n\d\d:\d\d:\d\d\.002 error x\\u001b\[2Jy\n$/)
  })

  it('start, stop and remove say what came of it', async () => {
    const answers = {
      'Agents/Start': () => ({ agent: echo }),
      'Agents/Stop': () => ({ agent: { name: 'echo', state: AgentState.STOPPED } }),
      'Agents/Remove': () => ({}),
    }
    expect((await runCommand(['agents', 'start', 'echo'], { answers })).stdout).to.equal('started  agent echo is running\n')
    const stop = await runCommand(['agents', 'stop', 'echo', '--drain', '0s'], { answers })
    expect(stop.stdout).to.equal('stopped  agent echo is stopped\n')
    expect(stop.connector.asked[0]?.request).to.include({ drainMilliseconds: 1 })
    expect((await runCommand(['agents', 'remove', 'echo'], { answers })).stdout).to.equal('removed  agent echo is gone\n')
  })

  it('gives up on a server that does not answer', async () => {
    const waiting = new VirtualClock()
    const never = (_request: never, signal: AbortSignal): Promise<never> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => { reject(new Error('aborted')) })
        waiting.advance(30_000)
      })
    const outcome = await runCommand(['agents', 'list'], { clock: waiting, answers: { 'Agents/List': never } })
    expect(outcome.code).to.equal(6)
    expect(outcome.stderr).to.include('no answer from the server within 30 s')
    expect(waiting.pending).to.equal(0)
  })

  it('deploy adds to and takes from the usual permissions', () => {
    const of = (options: Record<string, string[]>): unknown => permissionsOf({ arguments: {}, options })
    expect(of({})).to.deep.equal({ allow: [], deny: [] })
    expect(of({ allow: ['call', 'send:shop-*'], deny: ['random'] })).to.deep.equal({ allow: ['call', 'send:shop-*'], deny: ['random'] })
    expect(() => of({ allow: ['sned'] })).to.throw('did you mean `send`?')
    expect(() => of({ allow: ['send'], deny: ['send'] })).to.throw('the same permission')
    expect(() => of({ allow: ['send:shop-*'], deny: ['send'] })).to.throw('the same permission')
    expect(() => of({ allow: ['timer:5'] })).to.throw('has a pattern, which "timer" can\'t have')
    expect(() => of({ allow: ['publish:a..b'] })).to.throw('after the colon, a topic')
    expect(() => of({ deny: ['send:shop-*'] })).to.throw('only the whole can be denied')
  })
})
