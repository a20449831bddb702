import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Agents } from '../../../kernel/contract/index.js'
import { auditCommands } from '../../../plugins/audit-log/audit-commands.js'
import { Audit } from '../../../plugins/audit-log/proto/caxton/v1/audit_pb.js'
import { kernelIndex, runCommand } from '../../support/command/run-command.js'
import { ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'

const index = { ...kernelIndex, commands: auditCommands.map(command => ({ ...command, from: 'audit-log' })) }

describe('A server with an audit log', function () {
  this.timeout(60_000)
  let folder: TemporaryFolder
  let server: ServerProcess | undefined

  before(() => { folder = new TemporaryFolder() })
  after(async () => {
    await server?.kill()
    folder.remove()
  })

  const start = (): Promise<ServerProcess> =>
    ServerProcess.start({ dataFolder: folder.path, sets: ['plugins.audit-log.reads=all', 'agents.shards=1'] })

  it('has every change on record before it happens, also when it is killed, and answers who did what', async () => {
    server = await start()
    const { connector } = server.client()
    const calls = Array.from({ length: 50 }, (_, i) => connector.unary(Agents.method.stop, { name: `agent-${i}` }).catch(() => {}))
    await Promise.all(calls)
    // Its intent is on the disk when it is answered, and with it whatever was recorded before.
    await connector.unary(Agents.method.stop, { name: 'the-last' }).catch(() => {})
    await server.kill()
    const text = readFileSync(join(folder.path, 'audit', 'audit-00000001.jsonl'), 'utf8')
    for (let i = 0; i < 50; i++) expect(text).to.contain(`"resource":"agent-${i}"`)
    server = await start()
    const found: string[] = []
    const question = { operation: '*/Stop', resource: 'agent-7', event: 'outcome' }
    for await (const { line } of server.client().connector.serverStream(Audit.method.query, question)) found.push(line)
    expect(found).to.have.length(1)
    expect(JSON.parse(found[0] ?? '')).to.include({ principal: 'anonymous', result: 'AGENT_NOT_FOUND', address: '127.0.0.1' })
    expect(await server.stop()).to.equal(0)
    server = undefined
    const { code, stdout } = await runCommand(['audit', 'verify', join(folder.path, 'audit')], { index })
    expect([code, stdout]).to.satisfy(([exit]: [number]) => exit === 0, stdout)
  })
})
