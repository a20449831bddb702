import { expect } from 'chai'
import { create } from '@bufbuild/protobuf'
import { CaxtonError, SampleSchema, type CommandContext } from '../../../../../kernel/contract/index.js'
import { histogramText } from '../../../../../kernel/command/commands/metrics.js'
import { checkWith } from '../../../../../kernel/command/commands/server-check.js'
import { startWith } from '../../../../../kernel/command/commands/server-start.js'
import { HumanTerminal } from '../../../../../kernel/command/terminal/human-terminal.js'
import { MessageStream } from '../../../../../kernel/command/terminal/message-stream.js'
import { paintNothing } from '../../../../../kernel/command/terminal/colours.js'
import { LineWords } from '../../../../../kernel/command/line/line-words.js'
import { runCommand } from '../../../../support/command/run-command.js'
import { TextStream } from '../../../../support/command/text-stream.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

const status = {
  nodeId: 'node-1', health: 'degraded', agents: 3, agentsRunning: 2, startedAt: 1n,
  ports: [{ purpose: 'gRPC API', address: '127.0.0.1:50051' }],
}
const apiPlugin = { instance: 'api', plugin: 'api-grpc', state: 'ready', stability: 'stable', summary: 'Serves.' }

function contextOf (options: CommandContext['input']['options'], output: TextStream, environment = {}): CommandContext {
  const clock = new VirtualClock()
  const terminal = new HumanTerminal(output, new MessageStream(output, clock, false), { paint: paintNothing, width: 80 })
  return {
    input: { arguments: {}, options }, words: new LineWords('/work'), terminal, clock, environment, workingFolder: '/work',
    signal: new AbortController().signal,
    connect: () => Promise.reject(new Error('no server')),
    makeFolder: () => Promise.reject(new Error('makes no folder')),
  }
}

/** Turns the clock until the work is done. */
async function turning<T> (clock: VirtualClock, work: Promise<T>): Promise<T> {
  let ended = false
  const done = work.finally(() => { ended = true })
  while (!ended) {
    await settled()
    clock.advance(100)
  }
  return await done
}

describe('server commands', () => {
  it('status shows health and ports, and fails when the server has', async () => {
    const answers = { 'Server/Status': () => status }
    const outcome = await runCommand(['server', 'status'], { answers })
    expect(outcome.code).to.equal(0)
    for (const field of [/health +degraded\n/, /agents +2 running of 3 deployed/, /port +127\.0\.0\.1:50051 {2}gRPC API/]) {
      expect(outcome.stdout).to.match(field)
    }
    expect((await runCommand(['server', 'status'], { answers: { 'Server/Status': () => ({ health: 'failed' }) } })).code).to.equal(1)
  })

  const notAsked = (): never => { throw new Error('not asked') }

  it('start hands file, sets and environment to the server and waits for its end', async () => {
    const context = contextOf({ config: ['prod.toml'], set: ['a=1', 'b=2'] }, new TextStream(), { X: 'y' })
    const code = await startWith(context, async () => ({
      startServer: async options => {
        expect(options).to.deep.equal({
          configurationFile: '/work/prod.toml', sets: ['a=1', 'b=2'], environment: { X: 'y' }, signal: context.signal,
        })
        return { started: true, stopped: Promise.resolve(3) }
      },
      checkConfiguration: notAsked,
    }))
    expect(code).to.equal(3)
  })

  it('start hands on what its words say of the node and its cluster', async () => {
    const options = { 'join': ['a:7946, b', 'c'], 'bootstrap': true, 'cluster': true, 'node-id': ['node-2'], 'set': ['node.id=x'] } as const
    let handed: object = {}
    await startWith(contextOf(options, new TextStream()), async () => ({
      startServer: async given => {
        handed = given
        return { started: true, stopped: Promise.resolve(0) }
      },
      checkConfiguration: notAsked,
    }))
    expect(handed).to.deep.include({
      sets: ['node.id=x', 'node.id=node-2'], cluster: { bootstrap: true, join: ['a:7946', 'b', 'c'], fromFile: true },
    })
  })

  it('start shows one report of all that keeps the server from starting', async () => {
    const output = new TextStream()
    const code = await startWith(contextOf({}, output), async () => ({
      startServer: async () => ({ started: false, report: { problems: [], text: 'one\ntwo\n', data: {}, exitCode: 78 } }),
      checkConfiguration: notAsked,
    }))
    expect(code).to.equal(78)
    expect(output.text).to.equal('one\ntwo\n')
  })

  it('check prints the report and gives its exit code', async () => {
    const output = new TextStream()
    const code = await checkWith(contextOf({}, output, { CAXTON_CONFIG: 'x.toml' }), async () => ({
      startServer: notAsked,
      checkConfiguration: async options => {
        expect(options).to.include({ configurationFile: '/work/x.toml' })
        return { problems: [], data: {}, text: 'one\u001b[2J\n  two\n', exitCode: 78 }
      },
    }))
    expect(code).to.equal(78)
    expect(output.text).to.equal('one\\u001b[2J\n  two\n')
  })

  it('stop waits until the server answers no more', async () => {
    const clock = new VirtualClock()
    let asked = 0
    const answers = {
      'Server/Status': () => {
        if (++asked > 3) throw new CaxtonError('SERVER_UNREACHABLE', 'unavailable', 'gone', {}, '')
        return status
      },
      'Server/Stop': () => ({}),
    }
    const outcome = await turning(clock, runCommand(['server', 'stop'], { answers, clock }))
    expect(asked).to.equal(4)
    expect(outcome).to.include({ code: 0, stdout: 'stopped  server node-1\n' })
    expect(clock.pending).to.equal(0)
  })

  it('stop does not wait when told so, and not for ever otherwise', async () => {
    const answers = { 'Server/Status': () => status, 'Server/Stop': () => ({}) }
    expect((await runCommand(['server', 'stop', '--no-wait'], { answers })).stdout).to.equal('stopping  server node-1\n')
    const clock = new VirtualClock()
    const outcome = await turning(clock, runCommand(['server', 'stop', '--timeout', '1s'], { answers, clock }))
    expect(outcome.code).to.equal(6)
    expect(clock.pending).to.equal(0)
  })

  it('plugins list is a table, and metrics are lines that lose nothing', async () => {
    const answers = {
      'Server/ListPlugins': () => ({ plugins: [apiPlugin] }),
      'Server/Metrics': () => ({ metrics: [{ name: 'caxton_x_total', type: 'counter', samples: [{ labels: { act: 'cfp' }, value: 5 }] }] }),
    }
    expect((await runCommand(['plugins', 'list'], { answers })).stdout).to.match(/api \(api-grpc\) +ready +stable +Serves\.\n$/)
    expect((await runCommand(['metrics', 'caxton_'], { answers })).stdout).to.match(/^caxton_x_total\{act=cfp\} {2}5\n$/)
  })

  it('sums a histogram up', () => {
    const sample = create(SampleSchema, { value: 50, bounds: [0.1, 1], counts: [90n, 95n, 100n] })
    expect(histogramText(sample)).to.equal('100 samples, mean 0.5, p50 ≤ 0.1, p99 > 1')
    expect(histogramText(create(SampleSchema, {}))).to.equal('0 samples')
  })
})
