import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { ApiKeyScene } from '../../../support/authenticators/api-key-scene.js'
import { codeOf } from '../../../support/server-client.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

describe('API keys', () => {
  let scene: ApiKeyScene
  beforeEach(async () => { scene = await ApiKeyScene.start() })
  afterEach(() => scene.end())

  it('outlive a restart, with their names, roles and uses', async () => {
    const key = await scene.key('ci', ['developer', 'viewer', 'developer'])
    expect(await scene.ask(key)).to.equal('key:ci')
    const used = scene.clock.now()
    await scene.restart()
    await scene.clock.pass(HOUR)
    expect(scene.main.book.lastUse(scene.main.keys.list(false)[0]?.id ?? '')).to.equal(used)
    expect(await scene.ask(key)).to.equal('key:ci')
    expect(scene.main.keys.list(false).map(({ name, roles }) => [name, ...roles])).to.deep.equal([['ci', 'developer', 'viewer']])
  })

  it('write down their uses at most once a minute', async () => {
    const key = await scene.key('ci')
    const store = scene.store.scopeFor('auth-api-key')
    for (let i = 0; i < 100; i++) await scene.ask(key)
    expect(await store.count('uses')).to.equal(0)
    await scene.clock.pass(60_000)
    expect(await store.count('uses')).to.equal(1)
  })

  it('are kept as keyed hashes only, in a store that is worth nothing without the file beside it', async () => {
    const key = await scene.key('ci')
    let kept = ''
    for await (const { value } of scene.store.scopeFor('auth-api-key').scan('keys')) kept += Buffer.from(value).toString()
    expect(kept).to.include('"name":"ci"').and.not.to.include(key.slice(-56))
    const file = scene.folder.file('api-key-hashes.key')
    expect(statSync(file).mode & 0o777).to.equal(0o600)
    expect(readFileSync(file, 'utf8')).not.to.include(key.slice(-56))
    rmSync(file)
    await scene.restart()
    expect(await scene.ask(key)).to.include('the secret that its hash was made with is missing')
    expect(scene.main.health()).to.deep.include({ state: 'degraded' })
    expect(scene.events.map(({ what }) => what)).to.deep.equal(['api-keys-lost'])
  })

  it('end when their time is over, to the millisecond, and then may be made again', async () => {
    const key = await scene.key('ci', [], 1_000)
    await scene.clock.pass(999)
    expect(await scene.ask(key)).to.equal('key:ci')
    expect(await codeOf(scene.key('ci'))).to.equal('API_KEY_EXISTS')
    await scene.clock.pass(1)
    expect(await scene.ask(key)).to.include('it expired on 2030-01-01T00:00:01')
    expect(await scene.ask(await scene.key('ci'))).to.equal('key:ci')
    expect(scene.main.keys.list(true).map(({ name }) => name)).to.deep.equal(['ci', 'ci'])
  })

  it('last as configured when nothing else is said, and for ever when that is said', async () => {
    const [usual, eternal] = [await scene.key('usual'), await scene.key('eternal', [], 0)]
    await scene.clock.pass(90 * DAY)
    expect(await scene.ask(usual)).to.include('it expired')
    await scene.clock.pass(3_650 * DAY)
    expect(await scene.ask(eternal)).to.equal('key:eternal')
  })

  it('go on for a while after they were rotated, then only the new one does', async () => {
    const old = await scene.key('ci', ['developer'], 30 * DAY)
    await scene.clock.pass(DAY)
    const { text } = await scene.main.keys.rotate('ci', HOUR)
    expect([await scene.ask(old), await scene.ask(text)]).to.deep.equal(['key:ci', 'key:ci'])
    await scene.clock.pass(HOUR - 1)
    expect(await scene.ask(old)).to.equal('key:ci')
    await scene.clock.pass(1)
    expect(await scene.ask(old)).to.include('it was rotated out')
    await scene.clock.pass(29 * DAY)
    expect(await scene.ask(text)).to.equal('key:ci')
    await scene.clock.pass(DAY)
    expect(await scene.ask(text)).to.include('it expired')
  })

  it('never work longer by being rotated', async () => {
    const old = await scene.key('ci', [], HOUR)
    await scene.main.keys.rotate('ci', DAY, DAY)
    await scene.clock.pass(HOUR)
    expect(await scene.ask(old)).to.include('rotated out')
  })

  it('end at once when they are rotated without grace, or for the second time', async () => {
    const first = await scene.key('ci')
    const { text: second } = await scene.main.keys.rotate('ci')
    const { text: third } = await scene.main.keys.rotate('ci')
    expect(await scene.ask(first)).to.include('its secret is wrong')
    expect([await scene.ask(second), await scene.ask(third)]).to.deep.equal(['key:ci', 'key:ci'])
    const { text: fourth } = await scene.main.keys.rotate('ci', 0)
    expect(await scene.ask(third)).to.equal(`the API key "ci" (${first.slice(4, 20)}) is refused: its secret is wrong`)
    expect(await scene.ask(fourth)).to.equal('key:ci')
  })

  it('end for good when they are revoked, the rotated one too, also after a restart', async () => {
    const old = await scene.key('ci')
    const { text } = await scene.main.keys.rotate('ci')
    await scene.main.keys.revoke(text.slice(4, 20))
    await scene.restart()
    for (const key of [old, text]) expect(await scene.ask(key)).to.include('it was revoked on')
    expect(await codeOf(scene.main.keys.rotate('ci'))).to.equal('API_KEY_NOT_FOUND')
    expect(await codeOf(scene.main.keys.revoke('ci'))).to.equal('API_KEY_NOT_FOUND')
  })

  it('lose no change when several are made at once', async () => {
    await scene.key('ci')
    const made = await Promise.all(Array.from({ length: 10 }, () => scene.main.keys.rotate('ci')))
    expect(made.map(({ record }) => record.version)).to.deep.equal([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    const same = await Promise.allSettled([scene.key('one'), scene.key('one')])
    expect(same.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected'])
  })

  it('are refused names, roles and times that make no sense', async () => {
    const isRefused = async (name: string, roles: readonly string[] = [], lifetime?: number): Promise<void> => {
      expect(await codeOf(scene.key(name, roles, lifetime))).to.equal('API_KEY_INVALID')
    }
    for (const name of ['', 'a b', '-a', 'a\nb', 'ü', 'a'.repeat(64), 'key:a']) await isRefused(name)
    for (const role of ['', '1a', 'a b', 'a:b', '*']) await isRefused('a', [role])
    for (const time of [-1, 0.5, NaN, 2 ** 60]) await isRefused('a', [], time)
    await isRefused('a', Array.from({ length: 33 }, (_, i) => `role-${i}`))
  })

  it('are only so many, and make room when some are long over', async () => {
    await scene.restart({ max_keys: 2 })
    await scene.key('a', [], 1_000)
    await scene.key('b')
    expect(await codeOf(scene.key('c'))).to.equal('API_KEYS_FULL')
    await scene.clock.pass(31 * DAY)
    expect(await scene.ask(await scene.key('c'))).to.equal('key:c')
    expect(scene.main.keys.list(true).map(({ name }) => name)).to.deep.equal(['c', 'b'])
  })
})

describe('The first API key', () => {
  let scene: ApiKeyScene
  afterEach(() => scene.end())
  const kept = (name = 'first-api-key'): string => readFileSync(scene.folder.file(name), 'utf8').trim()

  it('is made once, by a server that has none, for its owner alone', async () => {
    scene = await ApiKeyScene.start({ first_key: 'once' })
    const key = kept()
    expect(statSync(scene.folder.file('first-api-key')).mode & 0o777).to.equal(0o600)
    expect(await scene.ask(key)).to.equal('key:first-node-1')
    expect(scene.main.keys.list(false).map(({ roles, expires }) => [roles, expires])).to.deep.equal([[['admin'], 0]])
    expect(JSON.stringify(scene.log.lines)).to.include('first-api-key').and.not.to.include(key.slice(-56))
    await scene.main.keys.revoke('first-node-1')
    await scene.restart()
    expect(kept()).to.equal(key)
    expect(await scene.ask(key)).to.include('revoked')
  })

  it('is made anew at each start where that is wanted, for an operator who has lost every key', async () => {
    scene = await ApiKeyScene.start({ first_key: 'once' })
    const lost = kept()
    const file = scene.folder.file('again')
    await scene.restart({ first_key: 'always', first_key_file: file })
    expect(await scene.ask(kept('again'))).to.equal('key:first-node-1')
    expect(await scene.ask(lost)).to.include('revoked')
  })

  it('is not made where it is not wanted', async () => {
    scene = await ApiKeyScene.start({ first_key: 'never' })
    expect(scene.main.keys.list(true)).to.deep.equal([])
  })

  it('is not made when its file can not be written, so that the next start tries again', async () => {
    scene = await ApiKeyScene.start({ first_key: 'never' })
    writeFileSync(scene.folder.file('taken'), '')
    const sets = { first_key: 'once', first_key_file: scene.folder.file('taken', 'key') } as const
    expect(await codeOf(scene.restart(sets))).to.equal('API_KEY_FILE_UNUSABLE')
    expect(scene.main.keys.list(true)).to.deep.equal([])
  })
})

describe('The file with the secrets of hashes', () => {
  let scene: ApiKeyScene
  beforeEach(async () => { scene = await ApiKeyScene.start() })
  afterEach(() => scene.end())

  it('is refused when others may use it, or when it is damaged', async () => {
    const file = scene.folder.file('api-key-hashes.key')
    chmodSync(file, 0o640)
    expect(await codeOf(scene.restart())).to.equal('API_KEY_FILE_UNUSABLE')
    chmodSync(file, 0o600)
    const text = readFileSync(file, 'utf8')
    for (const damaged of [text.replace(/.(?==)/, '!'), `${text}x\n`, text.slice(5), `0000000000000000 ${text.slice(17)}`]) {
      writeFileSync(file, damaged)
      expect(await codeOf(scene.restart())).to.equal('API_KEY_FILE_UNUSABLE')
    }
    writeFileSync(file, text)
    await scene.restart()
  })
})
