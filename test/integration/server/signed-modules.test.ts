import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import * as grpcConnector from '../../../plugins/api-grpc/grpc-connector.js'
import { runCommand, type Outcome } from '../../support/command/run-command.js'
import { echoModule } from '../../support/hostile-modules.js'
import { codeOf } from '../../support/server-client.js'
import { ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'

/** A real server and real files: a signature goes from a file through the upload into the store, and is asked for again at a start. */
describe('Signed modules', function () {
  this.timeout(30_000)
  const folder = new TemporaryFolder()
  const module = folder.file('echo.wasm')
  const release = folder.file('release')
  const other = folder.file('other')
  let server: ServerProcess

  const tried = (...words: readonly string[]): Promise<Outcome> =>
    runCommand(words, { environment: { CAXTON_SERVER: server.address }, modules: { 'test:connector': grpcConnector } })

  const caxton = async (...words: readonly string[]): Promise<Outcome> => {
    const outcome = await tried(...words)
    expect(outcome.code, outcome.stderr).to.equal(0)
    return outcome
  }

  const start = async (key: string): Promise<void> => {
    const sets = ['agents.shards=1', 'agents.require_signed=true', `agents.trusted_keys=${key}.pub`]
    server = await ServerProcess.start({ dataFolder: folder.file('data'), sets })
  }

  before(async () => {
    writeFileSync(module, await echoModule())
    for (const name of ['release', 'other']) {
      const { code } = await runCommand(['security', 'gen-signing-key', '--name', name, '--dir', folder.path])
      expect(code).to.equal(0)
    }
    await start(release)
  })

  after(async () => {
    await server.kill()
    folder.remove()
  })

  it('are made with keys that only their owner may read, and that are never overwritten', async () => {
    expect(statSync(`${release}.key`).mode & 0o777).to.equal(0o600)
    const before = readFileSync(`${release}.key`, 'utf8')
    const { code, stderr } = await runCommand(['security', 'gen-signing-key', '--name', 'release', '--dir', folder.path])
    expect(code).to.not.equal(0)
    expect(stderr).to.include('release.key could not be written')
    expect(readFileSync(`${release}.key`, 'utf8')).to.equal(before)
  })

  it('run where only those run; the others do not, whoever signed them', async () => {
    const client = server.client()
    const bytes = await echoModule()
    expect(await codeOf(client.deploy('echo', bytes))).to.equal('MODULE_UNSIGNED')
    await caxton('agents', 'sign', module, '--key', `${other}.key`)
    expect((await tried('agents', 'deploy', module)).stderr).to.include('which nobody trusts here')
    await caxton('agents', 'sign', module, '--key', `${release}.key`)
    await caxton('agents', 'deploy', module)
    expect((await caxton('agents', 'inspect', 'echo')).stdout).to.match(/signed by +release/)
    writeFileSync(module, Buffer.concat([bytes, Buffer.from([0, 2, 1, 97])]))
    expect((await tried('agents', 'deploy', module, '--name', 'changed')).stderr).to.include('does not belong to the module')
    expect((await client.list()).map(({ name }) => name)).to.deep.equal(['echo'])
  })

  it('do not run after a restart when their signer is trusted no more', async () => {
    expect((await server.client().ask('echo')).performative).to.equal('inform')
    expect(await server.stop()).to.equal(0)
    await start(other)
    expect((await server.client().agent('echo')).reason).to.include('which nobody trusts here')
  })
})
