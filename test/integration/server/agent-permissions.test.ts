import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Agents, AgentState, Server } from '../../../kernel/contract/index.js'
import { echoModule, relayModule } from '../../support/hostile-modules.js'
import { codeOf, jsonContent, type ServerClient } from '../../support/server-client.js'
import { ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'
import { until } from '../../support/until.js'

/** Content for a relay, which hands the message on once. */
const ONCE = Buffer.from([1, ...Array<number>(19).fill(0)])

/** A real server, because a permission passes the operation, the store, the engine and a shard. */
describe('What agents of a server may do', function () {
  this.timeout(30_000)
  const folder = new TemporaryFolder()
  let server: ServerProcess
  let client: ServerClient

  /** What agents get is also the most that they may get. */
  const start = async (most: string): Promise<void> => {
    const sets = ['agents.shards=1', `agents.policy_file=${policy}`, `agents.permissions=${most}`, `agents.permissions_max=${most}`]
    server = await ServerProcess.start({ dataFolder: folder.path, sets })
    client = server.client()
  }

  const policy = join(folder.path, 'policy.toml')

  before(async () => {
    writeFileSync(policy, 'default = "allow"')
    await start('send,publish,self,lookup,register,subscribe,now,random,timer,log')
  })

  after(async () => {
    await server.kill()
    folder.remove()
  })

  const relay = async (through: string): Promise<unknown> => {
    const answer = await client.ask(through, { content: ONCE }, 1_000).catch(() => undefined)
    return answer === undefined ? undefined : jsonContent(answer)['code']
  }

  const handled = async (name: string): Promise<number> => Number((await client.agent(name)).messagesHandled)

  it('is what their deployments grant, within what the operator grants at most', async () => {
    for (const name of ['shop-1', 'bank']) await client.deploy(name, await relayModule(), { configuration: Buffer.from('nobody') })
    await client.deploy('clerk', await relayModule(), { configuration: Buffer.from('shop-1'), allow: ['send:shop-*'] })
    await client.deploy('thief', await relayModule(), { configuration: Buffer.from('bank'), allow: ['send:shop-*'] })
    const [echo, mute] = [await echoModule(), await relayModule()]
    expect(await codeOf(client.deploy('with-tools', echo, { allow: ['call:ledger'] }))).to.equal('PERMISSION_NOT_GRANTABLE')
    expect(await codeOf(client.deploy('mute', mute, { deny: ['send', 'publish'] }))).to.equal('WASM_IMPORT_NOT_GRANTED')
    expect((await client.inspect('clerk')).permissions).to.include('send:shop-*').and.not.include.members(['publish', 'send'])
  })

  it('is checked at each call, and counted where it is denied', async () => {
    expect(await relay('thief')).to.equal('AGENT_REPORTED_FAILURE')
    expect((await client.inspect('thief')).denied).to.equal(1n)
    void relay('clerk')
    await until(async () => await handled('shop-1') === 1)
    expect(await handled('bank')).to.equal(0)
  })

  it('is what the policy lets them say, from when it changes', async () => {
    writeFileSync(policy, 'default = "allow"\n[[rules]]\nfrom = ["clerk"]\nto = ["shop-*"]\neffect = "deny"\n')
    const isForbidden = async (): Promise<boolean> => {
      void relay('clerk')
      const { metrics } = await client.connector.unary(Server.method.metrics, { prefix: 'caxton_messages_forbidden_total' })
      return metrics.some(({ samples }) => samples.some(({ value }) => value > 0))
    }
    await until(isForbidden)
    // What was sent to it before is handled before its answer to this.
    expect(await relay('shop-1')).to.equal('AGENT_REPORTED_FAILURE')
    const before = await handled('shop-1')
    await relay('clerk')
    expect(await handled('shop-1')).to.equal(before)
  })

  it('is the same after a restart; what is granted no more does not run, nor what is in quarantine until it is released', async () => {
    const before = (await client.inspect('thief')).permissions
    await client.connector.unary(Agents.method.quarantine, { name: 'clerk', reason: 'it looks odd' })
    expect(await codeOf(client.start('clerk'))).to.equal('AGENT_QUARANTINED')
    expect(await codeOf(client.deploy('clerk', await echoModule(), { replace: true }))).to.equal('AGENT_QUARANTINED')
    expect(await codeOf(client.ask('clerk'))).to.equal('AGENT_NOT_RUNNING')
    expect(await server.stop()).to.equal(0)
    await start('send:shop-*,self,lookup,register,subscribe,now,random,timer,log')
    expect((await client.inspect('thief')).permissions).to.deep.equal(before)
    expect(await relay('thief')).to.equal('AGENT_REPORTED_FAILURE')
    expect((await client.agent('bank')).reason).to.include('this server grants no agent the permission "send"')
    expect(await client.agent('clerk')).to.include({ quarantined: true, reason: 'quarantined: it looks odd' })
    const { agent } = await client.connector.unary(Agents.method.release, { name: 'clerk' })
    expect(agent).to.include({ quarantined: false, state: AgentState.RUNNING, reason: '' })
  })
})
