import { join } from 'node:path'
import { expect } from 'chai'
import { CAXTON, runProcess, type Ended, type ProcessSetting } from '../../support/command/run-process.js'
import { ROOT } from '../../support/compiled-agents.js'
import { ServerProcess } from '../../support/server-process.js'
import { until } from '../../support/until.js'

const PATIENCE = 60_000
const NOT_FOUND = 3
const INTERRUPTED = 130

/** What the market of the examples says when somebody buys, as the tree of its trace has it. */
const STEPS = [
  'Messages/Send', 'caller → buyer: request', 'buyer → seller: cfp', 'seller → buyer: propose', 'timer buyer',
  'buyer → seller: accept-proposal', 'timer seller', 'seller → buyer: inform', 'buyer → caller: inform',
]

/** A real server with the packaged configuration, and an operator who types what docs/observability.md says. */
describe('What happened on a server', function () {
  this.timeout(PATIENCE)
  let server: ServerProcess
  let sent: string

  const caxton = (words: readonly string[], setting: ProcessSetting = {}): Promise<Ended> =>
    runProcess(CAXTON, words, { ...setting, environment: { CAXTON_SERVER: server.address, NO_COLOR: '1' } })
  /** What a command said that must work. */
  async function said (...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await caxton(words)
    expect(code, `caxton ${words.join(' ')}: ${stderr}`).to.equal(0)
    return stdout + stderr
  }
  const found = (pattern: RegExp, text: string): string => pattern.exec(text)?.[1] ?? expect.fail(`${String(pattern)} is not in ${text}`)
  const moduleOf = (name: string): string => join(ROOT, `examples/build/market-${name}.wasm`)

  before(async () => {
    server = await ServerProcess.start({ words: ['--node-id', 'node-1'], sets: ['agents.shards=1'], patience: PATIENCE })
    await said('agents', 'deploy', moduleOf('seller'), '--name', 'seller')
    await said('agents', 'deploy', moduleOf('buyer'), '--name', 'buyer', '--config-text', '{"wait":500}')
    sent = await said('message', 'send', '--to', 'buyer', '--content', '{"buy":"paint"}', '--wait')
  })
  after(() => server.stop())

  it('is told by `caxton trace CONVERSATION` as a tree, from the call to its answer', async () => {
    const conversation = found(/conversation (\S+)/, sent)
    let shown = ''
    // Spans are written down a moment after they end.
    await until(async () => {
      shown = await said('trace', conversation)
      return shown.includes(STEPS.at(-1) ?? '')
    })
    const steps = shown.split('\n').filter(line => line.includes(' node-1 ')).map(line => line.replace(/^.* node-1 +[└├│─ ]*/, ''))
    expect(steps).to.deep.equal(STEPS)
    expect(shown).to.include(`trace ${found(/trace ([0-9a-f]{32})/, sent)}`).and.include('1 node')
  })

  it('is told to programs span by span, all of one trace', async () => {
    const trace = found(/trace ([0-9a-f]{32})/, sent)
    const { spans } = JSON.parse((await caxton(['trace', trace, '--output', 'json'])).stdout) as
      { readonly spans: ReadonlyArray<{ readonly traceId: string, readonly name: string }> }
    expect(new Set(spans.map(({ traceId }) => traceId))).to.deep.equal(new Set([trace]))
    expect(spans.map(({ name }) => name)).to.include.members(['caxton.v1.Messages/Send', 'send seller', 'process seller', 'process buyer'])
  })

  it('is not made up: of a conversation that there was not, nothing is told', async () => {
    const { code, stdout, stderr } = await caxton(['trace', 'c0123456789abcdef'])
    expect([code, stdout], stderr).to.deep.equal([NOT_FOUND, ''])
  })

  it('is shown by `caxton logs --follow` as it comes, after what came before, until Ctrl-C', async () => {
    let quarantined: Promise<string> | undefined
    const { code, stdout } = await caxton(['logs', '--follow', '--output', 'json'], {
      watch: (child, shown) => {
        if (shown.includes('"server ready"')) quarantined ??= said('agents', 'quarantine', 'seller', '--reason', 'it sells paint')
        if (shown.includes('it sells paint')) child.kill('SIGINT')
      },
    })
    await quarantined
    expect(code).to.equal(INTERRUPTED)
    const lines = stdout.trim().split('\n').map(line => JSON.parse(line) as { readonly time: string, readonly message: string })
    expect(lines.map(({ time }) => time)).to.deep.equal(lines.map(({ time }) => time).toSorted())
    expect(JSON.stringify(lines.at(-1))).to.include('it sells paint')
  })
})
