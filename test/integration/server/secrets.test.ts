import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect } from 'chai'
import { Agents, Secret, Server } from '../../../kernel/contract/index.js'
import { openConnector } from '../../../plugins/api-grpc/grpc-connector.js'
import { CAXTON, runProcess, type Ended } from '../../support/command/run-process.js'
import { ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'
import { TestAuthority } from '../../support/test-authority.js'

/** In every secret of this test: whatever was written is searched for it, and for its usual disguises. */
const MARK = 'kEepMeSecretMark'
const disguises = [MARK, Buffer.from(MARK).toString('base64').slice(0, 18), Buffer.from(MARK).toString('hex')]
const secret = (name: string): string => `${MARK}-${name}-0123456789abcdef0123456789abcdef`

/** Where secrets belong: the node's key, and what the test itself wrote down for the server. */
const BELONGS = /^(node\.key|.*\.secret|caxton\.toml)$/

describe('Secrets of a server', function () {
  this.timeout(60_000)
  let folder: TemporaryFolder
  let server: ServerProcess | undefined
  const data = (): string => folder.file('data')

  before(async () => {
    folder = new TemporaryFolder()
    const authority = await TestAuthority.make()
    const { key, certificate } = await authority.node('node-1')
    writeFileSync(folder.file('node.key'), key, { mode: 0o600 })
    writeFileSync(folder.file('node.pem'), certificate)
    writeFileSync(folder.file('ca.pem'), authority.trust)
    writeFileSync(folder.file('oauth.secret'), `${secret('oauth')}\n`)
    writeFileSync(folder.file('caxton.toml'), configuration())
  })
  after(async () => {
    await server?.kill()
    folder.remove()
  })

  const configuration = (): string => `
[node]
id = "node-1"
data_dir = "data"

[log]
level = "debug"

[agents]
shards = 1

[plugins.engine-wasm]
[plugins.store-sqlite]
[plugins.audit-log]
reads = "all"
forward_file = "copy.jsonl"

[plugins.identity-files]
key = "node.key"
chain = "node.pem"
trust = "ca.pem"

[plugins.auth-jwt.issuers.shared]
issuer = "https://id.example.test"
audience = ["caxton"]
secret = "\${CAXTON_TEST_SHARED_SECRET}"
algorithms = ["HS256"]

[plugins.auth-oauth2]
introspection_url = "http://127.0.0.1:9/introspect"
client_id = "caxton"
client_secret = "\${file:oauth.secret}"
audience = ["caxton"]

[plugins.auth-api-key]
[plugins.api-grpc]
`
  const environment = { CAXTON_TEST_SHARED_SECRET: secret('shared') }

  const found = (text: string): string[] => disguises.filter(disguise => text.includes(disguise))
  /** Files that hold a secret, and should not. */
  const leaks = (): string[] => readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(folder.path, join(entry.parentPath, entry.name)))
    .filter(name => !BELONGS.test(name) && found(readFileSync(folder.file(name), 'latin1')).length > 0)

  it('are in nothing that it writes: not in its log at any level, not in its files, not in the audit log', async () => {
    server = await ServerProcess.start({ dataFolder: data(), words: ['--config', folder.file('caxton.toml')], environment })
    const target = { address: server.address, trust: readFileSync(folder.file('ca.pem'), 'utf8') }
    const forged = `${Buffer.from('{"alg":"HS256","typ":"at+jwt"}').toString('base64url')}.${Buffer.from(JSON.stringify({
      iss: 'https://id.example.test', aud: 'caxton', sub: secret('subject'),
    })).toString('base64url')}.${Buffer.from(secret('signature')).toString('base64url')}`
    for (const bearer of [secret('opaque'), `cax_live_${secret('key')}`, forged, `Bearer ${secret('twice')}`]) {
      const connector = openConnector({ ...target, bearer: new Secret(bearer) })
      for (const work of [
        () => connector.unary(Server.method.status, {}),
        () => connector.unary(Agents.method.stop, { name: 'nobody' }),
      ]) expect(await work().then(() => '', (error: unknown) => String(error))).to.match(/not authenticated/)
      connector.close()
    }
    const first = readFileSync(join(data(), 'first-api-key'), 'utf8').trim()
    const known = openConnector({ ...target, bearer: new Secret(first) })
    await known.unary(Server.method.status, {})
    known.close()
    expect(await server.stop()).to.equal(0)
    const written = server.log.map(line => JSON.stringify(line)).join('\n')
    server = undefined
    expect(written).to.contain('a caller was not authenticated')
    expect(found(written)).to.deep.equal([])
    expect(written).not.to.contain('PRIVATE KEY').and.not.to.contain(first)
    expect(leaks()).to.deep.equal([])
    const records = readFileSync(join(data(), 'audit', 'audit-00000001.jsonl'), 'utf8')
    expect(records).to.contain('"credential":"hmac-sha256:').and.not.to.contain(first)
  })

  it('are in no report of a configuration that is wrong', async () => {
    const check = (...sets: string[]): Promise<Ended> => runProcess(process.execPath,
      [CAXTON, 'server', 'check', '--config', folder.file('caxton.toml'), ...sets.flatMap(set => ['--set', set])], { environment })
    const wrong = [
      await check(),
      await check(`plugins.auth-oauth2.clientsecret=${secret('misnamed')}`),
      await runProcess(process.execPath, [CAXTON, 'server', 'check', '--config', folder.file('caxton.toml'), '--output', 'json']),
    ]
    writeFileSync(folder.file('caxton.toml'), `${configuration()}port = "\${file:oauth.secret}"\n`)
    wrong.push(await check())
    for (const { stdout, stderr } of wrong) expect(found(stdout + stderr)).to.deep.equal([])
    expect(wrong.map(({ code }) => code)).to.deep.equal([0, 78, 78, 78])
  })
})
