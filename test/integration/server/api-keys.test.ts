import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { CAXTON, runProcess, type Ended } from '../../support/command/run-process.js'
import { ServerProcess } from '../../support/server-process.js'

/** A server that nobody enters without a key, and the command as its users type it. */
describe('API keys of a real server', function () {
  this.timeout(60_000)
  let server: ServerProcess
  let first: string

  before(async () => {
    server = await ServerProcess.start({ sets: ['plugins.auth-api-key.first_key=once'] })
    first = join(server.dataFolder, 'first-api-key')
  })

  after(async () => { expect(await server.stop()).to.equal(0) })

  const caxton = (words: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    runProcess(process.execPath, [CAXTON, ...words], { environment: { CAXTON_SERVER: server.address, ...environment } })

  it('let nobody in without one, and the same is said to whoever shows a wrong one', async () => {
    const stranger = await caxton(['agents', 'list', '--output', 'json'])
    const guess = await caxton(['agents', 'list', '--output', 'json'], { CAXTON_TOKEN: `cax_${'a'.repeat(16)}_${'b'.repeat(56)}` })
    const answers = [stranger, guess].map(({ code, stderr }) => [code, (JSON.parse(stderr) as { error: { code: string } }).error.code])
    expect(answers).to.deep.equal([[4, 'UNAUTHORIZED'], [4, 'UNAUTHORIZED']])
  })

  it('are made by the first one, used, rotated and revoked', async () => {
    const asFirst = (...words: string[]): Promise<Ended> => caxton(['--token-file', first, 'auth', ...words])
    const file = join(server.dataFolder, 'ci.key')
    const made = await asFirst('create-key', 'ci', '--role', 'developer,viewer', '--expires-in', '30d', '--file', file)
    expect(made).to.include({ code: 0, stderr: '' })
    expect(made.stdout).to.include('ci.key').and.not.to.include('cax_')
    expect((await caxton(['agents', 'list'], { CAXTON_TOKEN_FILE: file })).code).to.equal(0)

    const rotated = await asFirst('rotate-key', 'ci', '--grace', '0s', '--output', 'json')
    const { key } = JSON.parse(rotated.stdout) as { key: string }
    expect((await caxton(['agents', 'list'], { CAXTON_TOKEN_FILE: file })).code).to.equal(4)
    expect((await caxton(['agents', 'list'], { CAXTON_TOKEN: key })).code).to.equal(0)

    const listed = JSON.parse((await asFirst('list-keys', '--output', 'json')).stdout) as { keys: Array<Record<string, unknown>> }
    expect(listed.keys.map(({ name, roles, state }) => [String(name).replace(/first-.*/, 'first'), roles, state])).to.deep.equal([
      ['ci', ['developer', 'viewer'], 'active'], ['first', ['admin'], 'active'],
    ])

    expect((await asFirst('revoke-key', 'ci')).stdout).to.equal('key "ci" is revoked: it lets nobody in any more\n')
    expect((await caxton(['agents', 'list'], { CAXTON_TOKEN: key })).code).to.equal(4)
    const secrets = [key, readFileSync(first, 'utf8').trim()].map(text => text.slice(-56))
    for (const secret of secrets) expect(JSON.stringify(server.log)).not.to.include(secret)
  })
})
