import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { AgentState, CaxtonError, type DeployRequest } from '../../../../kernel/contract/index.js'
import {
  CAXTON, CAXTON_WITH_STUB, runProcess, type Ended, type ProcessSetting,
} from '../../../support/command/run-process.js'
import { startStubServer, type StubServer } from '../../../support/command/stub-server.js'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('the caxton program', function () {
  this.timeout(20_000)
  let folder: string
  let server: StubServer
  let deployed: DeployRequest[] = []

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'caxton-command-'))
    server = await startStubServer({
      'Agents/Deploy': (parts: DeployRequest[]) => {
        deployed = parts
        return { agent: { name: 'echo', state: AgentState.RUNNING }, changed: true }
      },
      'Agents/List': () => ({
        agents: [{ name: 'echo', state: AgentState.RUNNING }, { name: 'counter' }, { name: '$(touch harm)' }], total: 3,
      }),
      'Agents/Inspect': () => { throw new CaxtonError('AGENT_NOT_FOUND', 'not-found', 'there is no agent "x"', {}, 'List them.') },
      'Messages/Send': ({ message }: { message: { content: Uint8Array } }) => ({
        answers: [{ performative: 'inform', content: message.content }],
      }),
      'Messages/Watch': async function * (_request: never, signal: AbortSignal) {
        yield { at: 1n, outcome: 'delivered', message: { sender: 'a', receiver: 'b', performative: 'inform' } }
        await new Promise(resolve => { signal.addEventListener('abort', resolve) })
      },
    })
  })

  after(async () => {
    server.stop()
    await rm(folder, { recursive: true })
  })

  const withStub = (words: string[], setting: ProcessSetting = {}): Promise<Ended> =>
    runProcess(process.execPath, [CAXTON_WITH_STUB, '--server', server.address, ...words], { folder, ...setting })

  it('runs through its first line and through node', async () => {
    await chmod(CAXTON, 0o755)
    const direct = await runProcess(CAXTON, ['--help'])
    expect(direct).to.include({ code: 0, stderr: '' })
    expect(direct.stdout).to.include('caxton agents deploy')
    expect(await runProcess(process.execPath, [CAXTON, '--help'])).to.deep.equal(direct)
  })

  it('suggests what was meant and ends with the code for usage', async () => {
    const outcome = await runProcess(process.execPath, [CAXTON, 'agents', 'lst'])
    expect(outcome).to.include({ code: 2, stdout: '' })
    expect(outcome.stderr).to.include('did you mean `caxton agents list`?')
  })

  it('explains codes and lists them', async () => {
    const one = await runProcess(process.execPath, [CAXTON, 'explain', 'command_unknown', '-o', 'json'])
    expect(JSON.parse(one.stdout)).to.include({ code: 'COMMAND_UNKNOWN', from: 'kernel' })
    const all = await runProcess(process.execPath, [CAXTON, 'explain'])
    expect(all.stdout).to.match(/^CODE +MEANING\n/).and.to.include('COMMAND_OPTION_MISUSED')
    expect((await runProcess(process.execPath, [CAXTON, 'explain', 'NO_SUCH'])).code).to.equal(3)
  })

  it('deploys a module larger than one chunk, whole and in order', async () => {
    const module = Buffer.alloc(600_000, 'caxton')
    await writeFile(join(folder, 'echo.wasm'), module)
    const outcome = await withStub(['deploy', 'echo.wasm', '--config-text', '{"a":1}', '--memory', '1MiB', '--allow', 'call', '--replace'])
    expect(outcome).to.deep.equal({ code: 0, stdout: 'deployed  agent echo is running\n', stderr: '' })
    const [first, ...chunks] = deployed.map(({ part }) => part)
    expect(first?.value).to.deep.include({ name: 'echo', replace: true, configuration: Buffer.from('{"a":1}') })
    expect(Buffer.concat(chunks.map(chunk => chunk.case === 'chunk' ? chunk.value : utf8('!'))).equals(module)).to.equal(true)
    expect(chunks.length).to.be.greaterThan(1)
  })

  it('names a file that can\'t be read', async () => {
    const missing = await withStub(['deploy', 'missing.wasm'])
    expect(missing).to.include({ code: 2, stdout: '' })
    expect(missing.stderr).to.include(`can't read ${join(folder, 'missing.wasm')}: there is no such file`)
    expect((await withStub(['deploy', '.'])).stderr).to.include('it is a folder')
  })

  it('sends what comes through a pipe, and what stands in a file', async () => {
    const send = (content: string, input = ''): Promise<Ended> =>
      withStub(['message', 'send', '--to', 'echo', '-c', content, '--wait'], { input })
    expect((await send('-', '{"from":"pipe"}')).stdout).to.include('{"from":"pipe"}')
    await writeFile(join(folder, 'order.json'), '{"from":"file"}')
    expect((await send('@order.json')).stdout).to.include('{"from":"file"}')
  })

  it('passes on the server\'s error with its trace', async () => {
    const outcome = await withStub(['agents', 'inspect', 'x'])
    expect(outcome).to.include({ code: 3, stdout: '' })
    expect(outcome.stderr.split('\n').slice(0, 3)).to.deep.equal([
      'error: there is no agent "x"', '  List them.', '  code AGENT_NOT_FOUND · trace trace-of-the-stub · caxton explain AGENT_NOT_FOUND',
    ])
  })

  it('says that no server answers', async () => {
    const closed = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => closed.once('listening', resolve))
    const address = closed.address()
    closed.close()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const environment = { CAXTON_SERVER: `127.0.0.1:${port}` }
    const outcome = await runProcess(process.execPath, [CAXTON_WITH_STUB, 'agents', 'list'], { environment })
    expect(outcome.code).to.equal(5)
  })

  it('checks a configuration and shows every problem, for people and for programs', async () => {
    await writeFile(join(folder, 'wrong.toml'), '[node]\nidd = "x"\n[plugins.nothing]\n')
    const human = await withStub(['server', 'check', '--config', 'wrong.toml'])
    expect(human.code).to.equal(78)
    expect(human.stdout).to.include('node.idd').and.to.include('nothing')
    const program = await withStub(['server', 'check', '--config', 'wrong.toml', '-o', 'json'])
    expect(JSON.parse(program.stdout)).to.deep.include({ canStart: false, exitCode: 78 })
    expect((await withStub(['server', 'start', '--config', 'wrong.toml'])).code).to.equal(78)
  })

  it('watches until Ctrl-C and ends with its code, without a word', async () => {
    const outcome = await withStub(['message', 'watch'], { watch: child => { child.kill('SIGINT') } })
    expect(outcome).to.include({ code: 130, stderr: '' })
    expect(outcome.stdout).to.match(/a → b {2}inform/)
  })

  it('is quiet when its reader goes away', async () => {
    const script = `${JSON.stringify(process.execPath)} ${JSON.stringify(CAXTON)} explain -o json | head -1`
    expect(await runProcess('bash', ['-c', `set -o pipefail; ${script}`])).to.deep.include({ stdout: '[\n', stderr: '' })
  })

  it('completes commands, options and the names of agents in bash', async () => {
    const { stdout: script } = await runProcess(process.execPath, [CAXTON, 'completion', 'bash'])
    await writeFile(join(folder, 'completion.bash'), script)
    const line = [process.execPath, CAXTON_WITH_STUB, '--server', server.address].join(' ')
    await writeFile(join(folder, 'caxton'), `#!/bin/bash\nexec ${line} "$@"\n`, { mode: 0o755 })
    const complete = async (...words: string[]): Promise<string[]> => {
      const body = [
        'source completion.bash', 'PATH="$PWD:$PATH"', 'COMP_WORDS=(caxton "$@")', 'COMP_CWORD=$#', '_caxton',
        'printf "%s\\n" "${COMPREPLY[@]}"',
      ].join('; ')
      const { stdout, stderr } = await runProcess('bash', ['-c', body, 'bash', ...words], { folder })
      expect(stderr).to.equal('')
      return stdout.split('\n').slice(0, -1)
    }
    expect(await complete('age')).to.deep.equal(['agents'])
    expect(await complete('agents', 'in')).to.deep.equal(['inspect'])
    expect(await complete('agent', 'inspect', 'e')).to.deep.equal(['echo'])
    expect(await complete('message', 'send', '--to', '')).to.deep.equal(['echo', 'counter'])
    expect(await complete('deploy', '--replac')).to.deep.equal(['--replace'])
    expect(await complete('agents', 'list', '-o', 'j')).to.deep.equal(['json'])
    expect(await complete('deploy', 'comp')).to.deep.equal(['completion.bash'])
  })

  it('runs commands of a plugin that the configuration names, and explains its errors', async () => {
    await writeFile(join(folder, 'auction.mjs'), `const examples = [{ type: 'caxton auction open', does: 'Opens.' }]
    export default {
      name: 'auction', summary: 'Auctions.', stability: 'stable', contract: '^1.0',
      errors: [{ code: 'AUCTION_CLOSED', kind: 'precondition', meaning: 'It is over.', remedy: 'Come earlier.' }],
      commands: [
        { path: ['auction', 'open'], summary: 'Opens.', examples, module: import.meta.resolve('./open.mjs') },
        { path: ['agents', 'list'], summary: 'Fake.', examples, module: import.meta.resolve('./open.mjs') },
      ],
      register () {},
    }`)
    await writeFile(join(folder, 'open.mjs'), 'export const run = async ({ terminal }) => { terminal.item("opened", {}); return 0 }')
    await writeFile(join(folder, 'caxton.toml'), '[plugins.auction]\nuse = "./auction.mjs"\n[plugins.gone]\nuse = "./gone.mjs"\n')
    const run = (...words: string[]): Promise<Ended> => withStub(words, { environment: { CAXTON_CONFIG: 'caxton.toml' } })
    const outcome = await run('auction', 'open')
    expect(outcome).to.include({ code: 0, stdout: 'opened\n' })
    expect(outcome.stderr).to.include('the commands of plugin ./gone.mjs are not available')
    expect((await run('--help')).stdout).to.include('auction open')
    expect((await run('explain', 'AUCTION_CLOSED')).stdout).to.include('Come earlier.')
    expect((await run('agents', 'list', '--names')).stdout).to.equal('echo\ncounter\n$(touch harm)\n')
    expect((await withStub(['auction', 'open'])).code).to.equal(2)
    expect((await withStub(['--config', 'caxton.toml', 'auction', 'open'])).stdout).to.equal('opened\n')
  })
})
