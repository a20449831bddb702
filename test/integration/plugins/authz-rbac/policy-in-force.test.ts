import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { isCaxtonError } from '../../../../kernel/contract/index.js'
import { builtInPlugins } from '../../../../kernel/lifecycle/plugins/plugin-loader.js'
import { operationsOf } from '../../../../kernel/routing/operations/operation-registry.js'
import { readPolicy } from '../../../../plugins/authz-rbac/policy-reader.js'
import { CAXTON, runProcess } from '../../../support/command/run-process.js'
import { ServerProcess } from '../../../support/server-process.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'
import { until } from '../../../support/until.js'

const root = fileURLToPath(new URL('../../../../../', import.meta.url))
const ECHO = readFileSync(`${root}examples/build/echo-wat.wasm`)
const VIEWER = '[[bindings]]\nprincipal = "anonymous"\nroles = ["viewer", "asker"]\n[roles.asker]\nallow = ["auth:read"]\n'
const TEAM = `${VIEWER}[roles.team]\nallow = ["agents:deploy on team-a-*", "messages:send on team-a-*"]\n`
  + '[[bindings]]\nprincipal = "anonymous"\nroles = ["team"]\n'

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  await work.then(() => 'ok', (error: unknown) => isCaxtonError(error) ? error.code : String(error))

/** A real server, because rights come from the plugins that it has, and calls from its face. */
describe('A policy', function () {
  this.timeout(60_000)
  const folder = new TemporaryFolder()
  const policy = folder.file('policy.toml')
  let server: ServerProcess

  const write = (text: string): void => {
    writeFileSync(`${policy}.new`, text)
    renameSync(`${policy}.new`, policy)
  }
  const caxton = (...words: string[]) => runProcess(process.execPath, [CAXTON, '--server', server.address, ...words])

  before(async () => {
    write(VIEWER)
    const config = folder.file('caxton.toml')
    const development = readFileSync(`${root}config/dev.toml`, 'utf8')
    writeFileSync(config, `${development}\n[plugins.authz-rbac]\npolicy = "policy.toml"\ncheck_interval = "100ms"\n`)
    server = await ServerProcess.start({ words: ['--config', config] })
  })
  after(async () => {
    await server.stop()
    folder.remove()
  })

  it('lets a caller do what its roles allow, and tells it which right it lacks', async () => {
    const client = server.client()
    await client.status()
    expect(await codeOf(client.deploy('team-a-1', ECHO))).to.equal('FORBIDDEN')
    const { code, stderr } = await caxton('agents', 'remove', 'team-a-1')
    expect(code).to.not.equal(0)
    expect(stderr).to.contain('"anonymous" lacks the right "agents:manage"')
      .and.contain('no rule of "asker", "viewer" allows it on "team-a-1"')
  })

  it('is checked before a start, with every right that there is', async () => {
    const config = folder.file('wrong.toml')
    writeFileSync(folder.file('wrong-policy.toml'), '[roles.team]\nallow = ["agents:deply", "auth:read", "cluster:manage"]\n')
    writeFileSync(config, readFileSync(folder.file('caxton.toml'), 'utf8').replace('"policy.toml"', '"wrong-policy.toml"'))
    const { code, stdout } = await runProcess(process.execPath, [CAXTON, 'server', 'check', '--config', config])
    expect(stdout).to.contain('wrong-policy.toml:2:11: "agents:deply" is no right of this server (did you mean "agents:deploy"?)')
      .and.not.contain('auth:read').and.not.contain('cluster:manage')
    expect(code).to.equal(78)
  })

  it('is followed while the server runs, and decides on what the calls are about', async () => {
    const client = server.client()
    write(TEAM)
    await until(async () => await codeOf(client.deploy('team-a-1', ECHO)) === 'ok')
    expect(await codeOf(client.deploy('team-b-1', ECHO))).to.equal('FORBIDDEN')
    expect(await codeOf(client.deploy('team-a', ECHO, { placement: { replicas: 2 } }))).to.equal('FORBIDDEN')
    expect(await codeOf(client.send('team-a-1'))).to.equal('ok')
    expect(await codeOf(client.send('team-b-1'))).to.equal('FORBIDDEN')
    expect(await codeOf(client.send('', { receivers: [{ name: 'team-a-1' }, { name: 'team-b-1' }] }))).to.equal('FORBIDDEN')
    const explained = await caxton('auth', 'explain', 'anonymous', 'Agents/Deploy', 'team-a-2')
    expect(explained.stdout).to.contain('the role "team" allows "agents:deploy on team-a-*"')
    expect((await caxton('auth', 'whoami')).stdout).to.contain('anonymous')
  })

  it('stays in force when a wrong one comes, which everybody can see', async () => {
    const client = server.client()
    write(TEAM.replace('agents:deploy', 'agents:depoly'))
    await until(async () => (await client.status()).health === 'degraded')
    expect(await codeOf(client.send('team-a-1'))).to.equal('ok')
    const { trouble } = JSON.parse((await caxton('auth', 'roles', '--output', 'json')).stdout) as { readonly trouble: string }
    expect(trouble).to.contain('policy.toml:7:11: "agents:depoly" is no right of this server (did you mean "agents:deploy"?)')
  })

  it('that comes with the server is in order', async () => {
    const plugins = await builtInPlugins(fileURLToPath(new URL('../../../../plugins', import.meta.url)))
    const services = plugins.flatMap(plugin => (plugin.operations ?? []).map(({ service }) => service))
    const rights = operationsOf(services).map(({ right }) => right)
    const text = readFileSync(`${root}config/policy.toml`, 'utf8')
    expect(readPolicy(text, 'policy.toml', rights).bindings).to.have.length(1)
    const shown = text.replaceAll(/^# (?=\[|[a-z]+ = )/gm, '')
    expect(readPolicy(shown, 'policy.toml', [...rights, 'agents:deploy', 'agents:manage', 'agents:logs']).bindings).to.have.length(4)
  })
})
