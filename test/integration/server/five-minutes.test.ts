import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse as parseYaml } from 'yaml'
import { ROOT } from '../../support/compiled-agents.js'
import { CAXTON, runProcess, type Ended } from '../../support/command/run-process.js'
import { hostileModule } from '../../support/hostile-modules.js'
import { ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'

const OK = 0
const FAILURE = 1
const USAGE = 2
const NOT_FOUND = 3
const UNAVAILABLE = 5
const CONFLICT = 7
const CONFIGURATION = 78
const INTERRUPTED = 130
/** How long npm may take, in milliseconds, before its work is done by hand. */
const NPM_PATIENCE = 60_000

describe('The first five minutes of a user', function () {
  this.timeout(NPM_PATIENCE + 30_000)
  let place: TemporaryFolder
  let server: ServerProcess
  let clerk: string

  before(async () => {
    place = new TemporaryFolder()
    clerk = place.file('clerk')
    server = await ServerProcess.start({ sets: ['agents.shards=1'] })
  })

  after(async () => {
    await server.kill()
    place.remove()
  })

  /** Types `caxton ...` in the user's folder. */
  const caxton = (...words: string[]): Promise<Ended> =>
    runProcess(process.execPath, [CAXTON, ...words], { folder: place.path, environment: { CAXTON_SERVER: server.address } })

  /** The same, when it must work: what it printed. */
  const printed = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await caxton(...words)
    expect(code, stderr).to.equal(OK)
    return stdout
  }
  const json = async (...words: string[]): Promise<unknown> => JSON.parse(await printed(...words, '--output', 'json'))

  /** Types `npm ...` in the agent's folder, with the user's own settings of npm. */
  const npm = (...words: string[]): string => execFileSync('npm', words, {
    cwd: clerk, encoding: 'utf8', timeout: NPM_PATIENCE, stdio: 'pipe', env: { ...process.env, CAXTON_SERVER: server.address },
  })

  it('makes a folder for a new agent, in an empty one', async () => {
    expect(readdirSync(place.path)).to.deep.equal([])
    const { code, stdout, stderr } = await caxton('new', 'agent', 'clerk')
    expect(code).to.equal(OK)
    expect(stdout).to.include(clerk)
    expect(stderr).to.include('npm install').and.to.include('npm run deploy')
    expect(readdirSync(place.path)).to.deep.equal(['clerk'])
    expect((await caxton('new', 'agent', 'clerk')).code).to.equal(CONFLICT)
  })

  it('installs what the agent needs', () => {
    try {
      npm('install', '--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=0', '--fetch-timeout=20000')
    } catch (error) {
      process.stdout.write(`        npm install is not possible here, so its work is done by hand: ${String(error).slice(0, 200)}\n`)
      installByHand(clerk)
    }
    expect(existsSync(join(clerk, 'node_modules', '.bin', 'asc'))).to.equal(true)
    expect(existsSync(join(clerk, 'node_modules', '.bin', 'caxton'))).to.equal(true)
  })

  it('builds and deploys it with one command', async () => {
    expect(npm('run', 'deploy')).to.match(/deployed\s+agent clerk is running/)
    expect(await json('agents', 'inspect', 'clerk')).to.have.nested.property('agent.state')
  })

  it('talks to it', async () => {
    const { code, stdout, stderr } = await caxton(
      'message', 'send', '--to', 'clerk', '--performative', 'request', '--content', '{"name":"Ada"}', '--wait')
    expect(code, stderr).to.equal(OK)
    expect(stdout).to.equal('clerk → inform  {"greeting":"Hello, Ada!"}\n')
    expect(stderr).to.match(/conversation \S+ · trace [0-9a-f]{32}/)
  })

  it('is told who does not exist, and what does not', async () => {
    expect(await caxton('message', 'send', '--to', 'clark', '-c', '{}', '--wait')).to.include({ code: NOT_FOUND, stdout: '' })
    expect(await caxton('message', 'send', '--to', 'clerk', '--performative', 'shout')).to.include({ code: USAGE, stdout: '' })
    expect((await caxton('agents', 'lst')).stderr).to.include('did you mean `caxton agents list`?')
  })

  it('gets 1 when an agent answers in the negative', async () => {
    expect(await caxton('message', 'send', '--to', 'clerk', '-c', 'what?', '--wait')).to.include({ code: FAILURE })
  })

  it('sees the agent in lists, in tables and as data', async () => {
    expect(await printed('agents', 'list')).to.match(/^NAME +STATE.*\nclerk +running/)
    expect(parseYaml(await printed('agents', 'list', '--output', 'yaml'))).to.deep.equal(await json('agents', 'list'))
    expect(await printed('agents', 'inspect', 'clerk')).to.match(/clerk/).and.to.match(/running/)
    expect(await printed('agents', 'logs', 'clerk')).to.include('clerk is here')
  })

  it('watches messages in a second terminal', async () => {
    let [isOver, seen] = [false, '']
    const watching = runProcess(process.execPath, [CAXTON, 'message', 'watch', 'clerk', '--output', 'json'], {
      environment: { CAXTON_SERVER: server.address },
      watch: (child, stdout) => { if (stdout.includes('greeting')) child.kill('SIGINT') },
    }).then(ended => {
      isOver = true
      seen = ended.stdout
      return ended
    })
    while (!isOver) await printed('message', 'send', '--to', 'clerk', '-c', '{"name":"Ada"}', '--wait')
    expect((await watching).code).to.equal(INTERRUPTED)
    const first: unknown = JSON.parse(seen.split('\n')[0] ?? '')
    expect(first).to.have.property('message')
  })

  it('finds what could not be delivered', async () => {
    writeFileSync(place.file('traps.wasm'), await hostileModule('traps'))
    await printed('agents', 'deploy', 'traps.wasm')
    const { code, stdout } = await caxton('message', 'send', '--to', 'traps', '-c', '{}', '--wait')
    expect(code).to.equal(FAILURE)
    expect(stdout).to.include('AGENT_TRAPPED')
    expect(await printed('deadletters', 'list')).to.include('AGENT_TRAPPED')
    expect(await printed('explain', 'AGENT_NOT_FOUND')).to.include('caxton agents list')
    expect((await caxton('explain', 'NO_SUCH_CODE')).code).to.equal(NOT_FOUND)
    await printed('agents', 'remove', 'traps')
  })

  it('asks how the server does', async () => {
    expect(await printed('server', 'status')).to.match(/ready/)
    expect(await json('server', 'status')).to.include({ health: 'ready', processId: server.processId })
    expect(await printed('plugins', 'list')).to.match(/engine-wasm/).and.to.match(/store-sqlite/)
    expect(parseYaml(await printed('plugins', 'list', '--output', 'yaml'))).to.deep.equal(await json('plugins', 'list'))
    expect(await printed('metrics', 'caxton_')).to.include('caxton_')
  })

  it('checks configurations', async () => {
    const { code, stdout, stderr } = await caxton('server', 'check', '--config', join(ROOT, 'config', 'prod.toml'))
    expect({ code, stdout }, stderr).to.include({ code: OK })
    writeFileSync(place.file('broken.toml'), [
      '[node]', 'data_dri = "/tmp/x"', '[agents]', 'shards = "many"', '[plugins.engine-wasm]', '[plugins.store-sqlit]',
      '[plugins.api-grpc]', 'port = 99999999', '',
    ].join('\n'))
    const broken = await caxton('server', 'check', '--config', 'broken.toml')
    expect(broken.code).to.equal(CONFIGURATION)
    const said = broken.stdout + broken.stderr
    for (const problem of ['data_dri', 'data_dir', 'shards', 'store-sqlit', 'store-sqlite', 'port']) expect(said).to.include(problem)
    expect((await caxton('server', 'start', '--config', 'broken.toml')).code).to.equal(CONFIGURATION)
  })

  it('stops, starts and removes the agent', async () => {
    await printed('agents', 'stop', 'clerk')
    expect((await caxton('message', 'send', '--to', 'clerk', '-c', '{}', '--wait')).code).to.equal(CONFLICT)
    await printed('agents', 'start', 'clerk')
    await printed('message', 'send', '--to', 'clerk', '-c', '{"name":"Ada"}', '--wait')
    await printed('agents', 'remove', 'clerk')
    expect((await caxton('agents', 'inspect', 'clerk')).code).to.equal(NOT_FOUND)
  })

  it('stops the server, and is then told that none answers', async () => {
    await printed('server', 'stop')
    expect(await server.ended()).to.equal(OK)
    expect((await caxton('server', 'status')).code).to.equal(UNAVAILABLE)
  })
})

/** What `npm install` would have made, from the packages of this project. */
function installByHand (folder: string): void {
  const [modules, bin] = [join(folder, 'node_modules'), join(folder, 'node_modules', '.bin')]
  mkdirSync(bin, { recursive: true })
  const links = [
    [ROOT, join(modules, 'caxton-server')], [join(ROOT, 'node_modules', 'assemblyscript'), join(modules, 'assemblyscript')],
    [join(ROOT, 'node_modules', 'assemblyscript', 'bin', 'asc.js'), join(bin, 'asc')], [CAXTON, join(bin, 'caxton')],
  ] as const
  for (const [target, link] of links) if (!existsSync(link)) symlinkSync(target, link)
}
