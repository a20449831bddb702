import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { Secret, type RunCommand } from '../../../../kernel/contract/index.js'
import { kernelIndex, runCommand, type Outcome, type Setting } from '../../../support/command/run-command.js'
import { TextStream } from '../../../support/command/text-stream.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'
import { IdentityProvider, OPAQUE } from '../../../support/tokens/identity-provider.js'
import { until } from '../../../support/until.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const examples = [{ type: 'caxton probe', does: 'Connects.' }]
const PROBE = { path: ['probe'], summary: 'Connects.', examples, module: 'test:probe', from: 'test' }
const connect: RunCommand = async context => {
  await context.connect()
  return 0
}

/** A provider that others wrote, and real files: what is tested is how the program gets on with both. */
describe('caxton login', () => {
  const provider = new IdentityProvider()
  let folder: TemporaryFolder
  let clock: VirtualClock

  before(async () => { await provider.start() })
  after(async () => { await provider.stop() })

  beforeEach(() => {
    folder = new TemporaryFolder()
    clock = new VirtualClock(Date.now())
  })

  afterEach(() => {
    folder.remove()
    expect(clock.pending).to.equal(0)
  })

  const place = (): string => folder.file('caxton', 'logins.json')
  const caxton = (words: readonly string[], setting: Setting = {}): Promise<Outcome> => runCommand(words, {
    ...setting, clock, environment: { XDG_CONFIG_HOME: folder.path, ...setting.environment },
    index: { ...kernelIndex, commands: [...kernelIndex.commands, PROBE] }, modules: { 'test:probe': { run: connect } },
  })

  /** What a command would send to a server. */
  async function bearerFor (server = 'a.test', environment: Record<string, string> = {}): Promise<string | undefined> {
    const [target] = (await caxton(['probe', '--server', server], { environment })).targets
    const bearer: unknown = target === undefined ? undefined : Reflect.get(target, 'bearer')
    return bearer instanceof Secret ? bearer.reveal() : undefined
  }

  /** Logs in as a person does, who answers in another window. */
  async function logIn (accountId: string | undefined, words: readonly string[] = []): Promise<Outcome> {
    const stderr = new TextStream()
    const running = caxton(['login', '--server', 'a.test', ...words], { stderr })
    await until(() => stderr.text.includes('enter the code'))
    await provider.answer(/enter the code (\S+),/.exec(stderr.text)?.[1] ?? '', accountId)
    await until(() => clock.pending > 0)
    await clock.pass(5000)
    return await running
  }

  const first = (): readonly string[] => [
    '--issuer', provider.issuer, '--client-id', 'caxton', '--scope', 'openid offline_access deploy', '--resource', OPAQUE,
  ]

  it('shows a person a page and a code, and keeps the token for commands to that server only', async () => {
    const outcome = await logIn('alice', first())
    expect(outcome.code, outcome.stderr).to.equal(0)
    expect(outcome.stderr).to.include(`Open ${provider.issuer}/device and enter the code `)
    expect(outcome.stdout).to.match(/server +a\.test:50051/).and.to.match(/renewed by itself +yes/)
    expect(statSync(place()).mode & 0o777).to.equal(0o600)
    const token = await bearerFor()
    expect(token).to.be.a('string').with.length.above(20)
    expect(outcome.stdout + outcome.stderr).not.to.include(token ?? '')
    for (const other of ['b.test', 'a.test:50052', '127.0.0.1']) expect(await bearerFor(other), other).to.equal(undefined)
    expect(await bearerFor('a.test', { CAXTON_TOKEN: 'told' }), 'what was told goes first').to.equal('told')
  })

  it('needs nothing to be said again the next time', async () => {
    await logIn('alice', first())
    const before = await bearerFor()
    expect((await logIn('bob')).code).to.equal(0)
    expect(await bearerFor()).to.be.a('string').that.does.not.equal(before)
  })

  it('keeps nothing when the person refuses', async () => {
    const outcome = await logIn(undefined, first())
    expect(outcome.code).to.equal(4)
    expect(outcome.stderr).to.include('gives no token: access_denied')
    expect(existsSync(place())).to.equal(false)
  })

  it('ends at Ctrl-C while it waits', async () => {
    const interruption = new AbortController()
    const stderr = new TextStream()
    const running = caxton(['login', '--server', 'a.test', ...first()], { stderr, signal: interruption.signal })
    await until(() => clock.pending > 0 && stderr.text.includes('enter the code'))
    interruption.abort(130)
    expect((await running).code).to.equal(130)
  })

  it('renews a token that is over, once for all commands that run at the time', async () => {
    await logIn('alice', first())
    const before = await bearerFor()
    clock.jumpTo(clock.now() + 600_000 - 29_000)
    let isDone = false
    const renewing = Promise.all([bearerFor(), bearerFor(), bearerFor()]).finally(() => { isDone = true })
    // Slowly: two of them look again and again, while the third waits for the network.
    await until(async () => {
      await clock.pass(2)
      return isDone
    })
    const tokens = new Set(await renewing)
    expect(tokens.size).to.equal(1)
    expect([...tokens][0]).to.be.a('string').that.does.not.equal(before)
  })

  it('says so when a token is over and can not be renewed', async () => {
    await logIn('alice', first())
    const kept = JSON.parse(readFileSync(place(), 'utf8')) as { logins: Record<string, { refresh: string }> }
    const login = kept.logins['a.test:50051']
    if (login !== undefined) login.refresh = 'withdrawn'
    writeFileSync(place(), JSON.stringify(kept))
    clock.jumpTo(clock.now() + 700_000)
    const outcome = await caxton(['probe', '--server', 'a.test'])
    expect(outcome.code).to.equal(4)
    expect(outcome.stderr).to.include('the login to a.test:50051 is over').and.to.include('caxton login')
    expect(outcome.targets).to.deep.equal([])
  })

  it('logs a program in by its secret, from the environment or a file of its own', async () => {
    writeFileSync(folder.file('ci.secret'), 'ci-secret\n', { mode: 0o600 })
    const who = ['--client-credentials', '--issuer', provider.issuer, '--client-id', 'ci', '--resource', OPAQUE]
    const words = ['login', '--server', 'a.test', ...who]
    expect((await caxton(words, { environment: { CAXTON_CLIENT_SECRET: 'ci-secret' } })).code).to.equal(0)
    const before = await bearerFor()
    const fromFile = await caxton([...words, '--client-secret-file', folder.file('ci.secret')])
    expect(fromFile.code, fromFile.stderr).to.equal(0)
    expect(await bearerFor()).to.be.a('string').that.does.not.equal(before)
    clock.jumpTo(clock.now() + 600_000)
    expect((await caxton(['probe', '--server', 'a.test'])).stderr).to.include('the login to a.test:50051 is over: its token has expired')
  })

  it('takes no secret that others can read, none that is missing, and none that is wrong', async () => {
    writeFileSync(folder.file('ci.secret'), 'ci-secret', { mode: 0o600 })
    chmodSync(folder.file('ci.secret'), 0o644)
    const words = ['login', '--client-credentials', '--issuer', provider.issuer, '--client-id', 'ci']
    const exposed = await caxton([...words, '--client-secret-file', folder.file('ci.secret')])
    expect(exposed.stderr).to.include('others than its owner may use')
    expect((await caxton(words)).stderr).to.include('needs a secret')
    const wrong = await caxton(words, { environment: { CAXTON_CLIENT_SECRET: 'wrong-secret' } })
    expect(wrong.code).to.equal(4)
    expect(wrong.stderr).to.include('invalid_client').and.not.to.include('wrong-secret')
  })

  it('says what it lacks, and what is no identity provider', async () => {
    expect((await caxton(['login'])).stderr).to.include('there is no --issuer')
    expect((await caxton(['login', '--issuer', provider.issuer])).stderr).to.include('there is no --client-id')
    expect((await caxton(['login', '--issuer', 'http://id.test', '--client-id', 'a'])).stderr).to.include('no URL with https')
    expect((await caxton(['login', '--issuer', `${provider.issuer}/x`, '--client-id', 'a'])).stderr).to.include('does not describe itself')
    expect((await caxton(['login', '--issuer', `${provider.issuer}/`, '--client-id', 'a'])).stderr).to.include('another issuer')
    expect((await caxton(['login'], { environment: { XDG_CONFIG_HOME: '' } })).stderr).to.include('neither XDG_CONFIG_HOME nor HOME is set')
  })

  it('is undone by caxton logout, which has the token withdrawn', async () => {
    await logIn('alice', first())
    const kept = JSON.parse(readFileSync(place(), 'utf8')) as { logins: Record<string, { refresh: string }> }
    const outcome = await caxton(['logout', '--server', 'a.test'])
    expect(outcome).to.include({ code: 0, stderr: '' })
    expect(outcome.stdout).to.match(/logged out of +a\.test:50051/)
    expect(await bearerFor()).to.equal(undefined)
    expect(await provider.refreshes(kept.logins['a.test:50051']?.refresh ?? '')).to.equal(false)
    expect((await caxton(['logout', '--server', 'a.test'])).stderr).to.include('You are not logged in to a.test:50051.')
  })

  it('is forgotten although the provider is away, and says that the token lives on', async () => {
    await logIn('alice', first())
    writeFileSync(place(), readFileSync(place(), 'utf8').replace(provider.issuer, 'http://127.0.0.1:1'))
    const outcome = await caxton(['logout', '--server', 'a.test'])
    expect(outcome.code).to.equal(0)
    expect(outcome.stderr).to.include('did not withdraw the token')
    expect(await bearerFor()).to.equal(undefined)
  })

  it('refuses a file of logins that is damaged or open to others, and says which', async () => {
    await logIn('alice', first())
    chmodSync(place(), 0o640)
    expect((await caxton(['probe'])).stderr).to.include(`others than its owner may use ${place()}`)
    chmodSync(place(), 0o600)
    writeFileSync(place(), '{"version":1,"logins":{"a.test:50051":{}}}')
    expect((await caxton(['probe'])).stderr).to.include(`can't use the file of logins ${place()}`)
  })
})
