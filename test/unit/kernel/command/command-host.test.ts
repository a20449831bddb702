import { expect } from 'chai'
import { CaxtonError, type RunCommand } from '../../../../kernel/contract/index.js'
import { kernelIndex, runCommand, type Setting } from '../../../support/command/run-command.js'

const examples = [{ type: 'caxton probe', does: 'Probes.' }]
const probe = { path: ['probe'], summary: 'Probes.', examples, module: 'test:probe', from: 'test' }
const withProbe = (run: RunCommand, setting: Setting = {}): Setting =>
  ({ ...setting, index: { ...kernelIndex, commands: [...kernelIndex.commands, probe] }, modules: { 'test:probe': { run } } })

describe('command-host', () => {
  it('loads no command and connects nowhere for help', async () => {
    const outcome = await runCommand(['agents', 'list', '--help'], { modules: {} })
    expect(outcome).to.include({ code: 0, stderr: '' })
    expect(outcome.targets).to.deep.equal([])
  })

  it('gives the exit code of the command', async () => {
    expect((await runCommand(['probe'], withProbe(async () => 42))).code).to.equal(42)
  })

  it('connects once, to what the line says before what the environment says, and closes', async () => {
    const connectTwice: RunCommand = async context => {
      expect(await context.connect()).to.equal(await context.connect())
      return 0
    }
    const environment = { CAXTON_SERVER: 'env.test:1' }
    const fromLine = await runCommand(['probe', '--server', 'line.test'], withProbe(connectTwice, { environment }))
    expect(fromLine.targets).to.deep.equal([{ address: 'line.test:50051' }])
    expect(fromLine.connector.closed).to.equal(true)
    expect((await runCommand(['probe'], withProbe(connectTwice, { environment }))).targets).to.deep.equal([{ address: 'env.test:1' }])
    expect((await runCommand(['probe'], withProbe(connectTwice))).targets).to.deep.equal([{ address: '127.0.0.1:50051' }])
  })

  it('closes the connection also when the command fails', async () => {
    const outcome = await runCommand(['probe'], withProbe(async context => {
      await context.connect()
      throw new CaxtonError('AGENT_EXISTS', 'exists', 'it is there', { traceId: 't1' }, 'Remove it.')
    }))
    expect(outcome.code).to.equal(7)
    expect(outcome.stdout).to.equal('')
    expect(outcome.stderr).to.include('error: it is there').and.to.include('trace t1')
    expect(outcome.connector.closed).to.equal(true)
  })

  it('reports errors as JSON to who asked for a format for programs', async () => {
    const outcome = await runCommand(['probe', '-o', 'yaml'], withProbe(async () => { throw new Error('oh') }))
    expect(JSON.parse(outcome.stderr)).to.have.nested.property('error.code', 'COMMAND_FAILED')
  })

  it('says nothing after Ctrl-C and gives its exit code', async () => {
    const interruption = new AbortController()
    const outcome = await runCommand(['probe'], withProbe(async ({ signal }) => {
      interruption.abort(130)
      signal.throwIfAborted()
      return 0
    }, { signal: interruption.signal }))
    expect(outcome).to.include({ code: 130, stdout: '', stderr: '' })
  })

  it('leaves the exit code of a command alone that ends well after Ctrl-C, such as a server that drained', async () => {
    const interruption = new AbortController()
    const run: RunCommand = async () => {
      interruption.abort(130)
      return 0
    }
    expect((await runCommand(['probe'], withProbe(run, { signal: interruption.signal }))).code).to.equal(0)
  })

  it('refuses an output format and a server that it does not know', async () => {
    const format = await runCommand(['agents', 'list', '-o', 'xml'])
    expect(format.code).to.equal(2)
    const address = await runCommand(['agents', 'list', '--server', 'http://x'])
    expect(address.code).to.equal(2)
    expect(address.stderr).to.include('the server\'s address can\'t be "http://x"')
  })

  it('says so when no plugin can reach a server', async () => {
    const { connector: _, ...index } = kernelIndex
    expect((await runCommand(['agents', 'list'], { index })).code).to.equal(78)
  })

  it('colours for a terminal, unless the line or NO_COLOR forbids it, and for a pipe only if FORCE_COLOR asks', async () => {
    const isColoured = async (words: string[], setting: Setting): Promise<boolean> =>
      (await runCommand(words, setting)).stdout.includes('\x1b[')
    const terminal = { columns: 100 }
    expect(await isColoured(['--help'], { terminal })).to.equal(true)
    expect(await isColoured(['--help', '--no-color'], { terminal })).to.equal(false)
    expect(await isColoured(['--help'], { terminal, environment: { NO_COLOR: '1', FORCE_COLOR: '1' } })).to.equal(false)
    expect(await isColoured(['--help'], {})).to.equal(false)
    expect(await isColoured(['--help'], { environment: { FORCE_COLOR: '1' } })).to.equal(true)
    expect(await isColoured(['--help'], { terminal, environment: { FORCE_COLOR: '0' } })).to.equal(false)
  })

  it('hands the configuration of the line to commands as if the environment had said it', async () => {
    const outcome = await runCommand(['--config', 'a.toml', 'probe'], withProbe(async ({ environment, terminal }) => {
      terminal.item(environment['CAXTON_CONFIG'] ?? '', '')
      return 0
    }))
    expect(outcome.stdout).to.equal('a.toml\n')
  })
})
