import { execFile } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { runProcess, type Ended } from '../../support/command/run-process.js'
import { REPOSITORY } from '../../support/docs/markdown.js'
import { addDependencies, addTools, pack, unpack } from '../../support/package/installation.js'
import { ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'

const run = promisify(execFile)
const SECRET = 'a-secret-of-this-server-and-of-no-other'
const BASE = '[plugins.identity-files]\n[plugins.engine-wasm]\n[plugins.store-memory]\n[plugins.protocol-request]\n[plugins.api-grpc]\n'
const TSC = join(REPOSITORY, 'node_modules', 'typescript', 'bin', 'tsc')

/** What somebody has who knows Caxton by its package alone: the packed package, installed, and nothing of this tree. */
describe('The packed package, in the hands of a stranger', function () {
  this.timeout(120_000)
  const place = new TemporaryFolder()
  const modules = place.file('node_modules')
  let tarball: string
  let home: string
  let program: string

  before(() => {
    tarball = pack(REPOSITORY, place.path)
    home = unpack(tarball, modules)
    program = realpathSync(join(home, 'dist', 'kernel', 'command', 'caxton.js'))
    addDependencies(modules)
    addTools(modules)
  })

  after(() => { place.remove() })

  const caxton = (words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    runProcess(process.execPath, [program, ...words], { folder: place.path, environment })
  const compile = (folder: string): Promise<unknown> => run(process.execPath, [TSC, '-p', '.'], { cwd: folder })
  const environment = (): NodeJS.ProcessEnv => {
    const { NODE_OPTIONS, NODE_TEST_CONTEXT, ...rest } = process.env
    return rest
  }
  /** Runs a package's own tests, and gives what they printed. */
  const tested = async (folder: string): Promise<string> =>
    (await run(process.execPath, ['--test', '--test-reporter=tap'], { cwd: folder, env: environment() })).stdout

  it('runs as a global command', async () => {
    const bin = place.file('prefix', 'bin')
    mkdirSync(bin, { recursive: true })
    const { bin: { caxton: path } } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { bin: { caxton: string } }
    chmodSync(join(home, path), 0o755)
    symlinkSync(join(home, path), join(bin, 'caxton'))
    const typed = (...words: string[]): Promise<Ended> => runProcess('caxton', words,
      { folder: place.path, environment: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, CAXTON_DATA_DIR: place.file('data') } })
    expect((await typed('--version')).stdout).to.match(/^caxton \d+\.\d+\.\d+\n$/)
    expect(await typed('server', 'check')).to.include({ code: 0, stderr: '' })
    expect((await typed('new', 'agent', 'clerk')).code).to.equal(0)
  })

  it('is well formed, and its types are found by whoever imports it as a module', async () => {
    const tool = (name: string, path: string, ...words: string[]): Promise<{ readonly stdout: string }> =>
      run(process.execPath, [join(REPOSITORY, 'node_modules', name, path), ...words], { cwd: place.path, env: environment() })
    const [linted, resolved] = await Promise.all([
      tool('publint', 'src/cli.js', 'run', tarball, '--strict'),
      tool('@arethetypeswrong/cli', 'dist/index.js', tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'),
    ])
    expect(linted.stdout).to.contain('All good!')
    // It fails where there is a problem.
    expect(resolved.stdout).to.contain('caxton-server/contract')
  })

  it('takes a plugin in TypeScript and one in plain JavaScript, from tarballs of their own', async () => {
    const made = ['auth-ticket', 'admission-hours'].map(name => {
      const folder = place.file('others', name)
      cpSync(join(REPOSITORY, 'examples', 'plugins', name), folder, { recursive: true })
      return folder
    })
    await compile(made[0] ?? '')
    for (const printed of await Promise.all(made.map(tested))) expect(printed).to.match(/^# fail 0$/m).and.not.match(/^# pass [0-9]$/m)
    for (const folder of made) unpack(pack(folder, place.path), modules)
    writeFileSync(place.file('caxton.toml'), `${BASE}[plugins.auth-ticket]\nuse = "@acme/caxton-auth-ticket"\nsecret = "${SECRET}"
[plugins.hours]\nuse = "@acme/caxton-admission-hours"\n`)
    const config = { CAXTON_CONFIG: place.file('caxton.toml'), TICKET_SECRET: SECRET }
    const ticket = (await caxton(['tickets', 'make', 'ada', '--for', '8h'], config)).stdout.trim()
    const server = await ServerProcess.start({ program, environment: config })
    try {
      const asked = (token: string, ...words: string[]): Promise<Ended> =>
        caxton(['--server', server.address, ...words], { ...config, CAXTON_TOKEN: token })
      expect((await asked(ticket, 'auth', 'whoami')).stdout).to.match(/ticket:ada/)
      expect((await asked(`${ticket}x`, 'auth', 'whoami')).stderr).to.contain('UNAUTHORIZED')
      expect((await asked(ticket, 'plugins', 'list')).stdout).to.match(/^auth-ticket +ready/m).and.match(/^hours .*ready/m)
    } finally {
      await server.stop()
    }
  })

  /** Makes a plugin by command, builds it, and runs the tests that came with it. */
  const made = async (name: string): Promise<string> => {
    expect(await caxton(['new', 'plugin', name])).to.include({ code: 0 })
    await compile(place.file(name))
    expect(await tested(place.file(name))).to.match(/^# fail 0$/m).and.not.match(/^# pass [0-9]$/m)
    return place.file(name, 'caxton.toml')
  }

  it('makes an authenticator by command, which builds, passes its kits and starts', async () => {
    const file = await made('auth-door')
    const server = await ServerProcess.start({ program, environment: { CAXTON_CONFIG: file } })
    try {
      const asked = await caxton(['--server', server.address, 'auth', 'whoami'], { CAXTON_TOKEN: 'door.ada.change-this-word-at-once' })
      expect(asked.stdout, asked.stderr).to.match(/door:ada/)
    } finally {
      await server.stop()
    }
  })

  it('makes plugins for other seams by command, which build, pass their kits and are taken by a server', async () => {
    const names = ['admission-quiet', 'protocol-haggle', 'clock-tower']
    await Promise.all(names.map(made))
    const tables = names.map(name => `[plugins.${name}]\nuse = "./${name}/dist/plugin.js"\n`)
    writeFileSync(place.file('all.toml'), `${BASE}${tables.join('')}`)
    const checked = await caxton(['server', 'check', '--config', place.file('all.toml')], { CAXTON_DATA_DIR: place.file('data') })
    expect(checked.code, checked.stdout).to.equal(0)
  })
})
