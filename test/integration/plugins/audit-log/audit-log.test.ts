import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { expect } from 'chai'
import type { AuditRecord, SecurityEvent } from '../../../../kernel/contract/index.js'
import { MetricsRegistry } from '../../../../kernel/observability/metrics.js'
import { SystemClock } from '../../../../kernel/observability/system-clock.js'
import { SystemRandom } from '../../../../kernel/observability/system-random.js'
import { auditCommands } from '../../../../plugins/audit-log/audit-commands.js'
import type { AuditLogConfig } from '../../../../plugins/audit-log/audit-log-config.js'
import { FileAuditLog } from '../../../../plugins/audit-log/audit-log.js'
import { kernelIndex, runCommand, type Outcome } from '../../../support/command/run-command.js'
import { QuietContext } from '../../../support/quiet-context.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'
import { until } from '../../../support/until.js'

const CONFIG: AuditLogConfig = {
  folder: undefined, reads: 'refused', keep_for: 90 * 86_400_000, keep_size: undefined, segment_size: 64 * 1024, segment_age: 86_400_000,
  checkpoint_interval: 10_000, queue: 10_000, refusals_per_second: 5, syslog: undefined, syslog_protocol: 'udp', forward_file: undefined,
  forward_queue: 1_000,
}
const index = { ...kernelIndex, commands: auditCommands.map(command => ({ ...command, from: 'audit-log' })) }

const recordOf = (more: Partial<AuditRecord> = {}): AuditRecord => ({
  event: 'intent', operation: 'caxton.v1.Agents/Stop', changes: true, resource: 'shop',
  principal: { name: 'key:ann', method: 'keys', roles: [] },
  origin: { face: 'api-grpc', address: '127.0.0.1', headers: new Map() },
  trace: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), sampled: false }, ...more,
})

describe('the audit log in files', () => {
  let folder: TemporaryFolder
  const running: FileAuditLog[] = []

  beforeEach(() => { folder = new TemporaryFolder() })
  afterEach(async () => {
    for (const log of running.splice(0)) await log.stop()
    folder.remove()
  })

  const start = async (config: Partial<AuditLogConfig> = {}, metrics = new MetricsRegistry()): Promise<FileAuditLog> => {
    const facts = { nodeId: 'node-1', zone: 'a', dataDirectory: folder.path, startedAt: 0, version: '0.1.0' }
    const log = new FileAuditLog(
      facts, new SystemClock(), new SystemRandom(), metrics, undefined, { ...CONFIG, ...config }, new QuietContext())
    await log.start()
    running.push(log)
    return log
  }
  const stop = async (): Promise<void> => { for (const log of running.splice(0)) await log.stop() }
  const verify = (...words: string[]): Promise<Outcome> => runCommand(['audit', 'verify', folder.file('audit'), ...words], { index })
  const segment = (number: number): string => folder.file('audit', `audit-0000000${number}.jsonl`)
  const eventsIn = (file: string): string[] =>
    readFileSync(file, 'utf8').trim().split('\n').map(line => /"event":"([^"]+)"/.exec(line)?.[1] ?? '')

  it('is its owner\'s alone', async () => {
    await start()
    const modes = ['audit/keys', 'audit/keys/hash.key', 'audit/keys/signing.key', 'audit/head.json', 'audit/audit-00000001.jsonl']
      .map(name => (statSync(folder.file(name)).mode & 0o777).toString(8))
    expect(modes).to.deep.equal(['700', '600', '600', '600', '600'])
  })

  it('is verified while it is written, and after a restart, by a command that needs no server', async () => {
    const log = await start()
    await Promise.all(Array.from({ length: 300 }, () => log.record(recordOf())))
    expect((await verify()).code).to.equal(0)
    await stop()
    await start()
    const { code, stdout } = await verify()
    expect([code, /result +(\S+)/.exec(stdout)?.[1]]).to.deep.equal([0, 'whole'])
    expect(existsSync(segment(2))).to.equal(true)
  })

  it('is told apart from one that was changed, by segment, line, number and reason', async () => {
    const log = await start()
    for (let i = 0; i < 3; i++) await log.record(recordOf({ resource: `agent-${i}` }))
    await stop()
    writeFileSync(segment(1), readFileSync(segment(1), 'utf8').replace('agent-1', 'agent-9'))
    const { code, stdout } = await verify('--output', 'json')
    expect(code).to.equal(1)
    expect(JSON.parse(stdout)).to.have.property('flaw').that.deep.equals(
      { segment: 1, line: 4, seq: 4, why: 'the record is not as it was written: its hash is wrong' })
  })

  it('says so where there is no log', async () => {
    const { code, stderr } = await verify()
    expect(code).to.not.equal(0)
    expect(stderr).to.contain('AUDIT_FOLDER_UNREADABLE')
  })

  it('leaves out reads that were let in, unless they are wanted', async () => {
    const log = await start()
    await log.record(recordOf({ event: 'outcome', changes: false, result: 'ok' }))
    await log.record(recordOf({ event: 'refused', changes: false, result: 'FORBIDDEN' }))
    await log.record(recordOf({ event: 'outcome', result: 'ok' }))
    await stop()
    expect(eventsIn(segment(1))).to.deep.equal(['segment', 'opened', 'refused', 'outcome', 'checkpoint'])
    const all = await start({ reads: 'all' })
    await all.record(recordOf({ event: 'outcome', changes: false, result: 'ok' }))
    await stop()
    expect(eventsIn(segment(1)).slice(5)).to.deep.equal(['opened', 'outcome', 'checkpoint'])
  })

  it('counts refusals beyond a bound, and has the count on record', async () => {
    const log = await start()
    for (let i = 0; i < 50; i++) await log.record(recordOf({ event: 'refused', result: 'UNAUTHORIZED' }))
    await stop()
    expect(eventsIn(segment(1)).filter(event => event === 'refused')).to.have.length(5)
    expect(readFileSync(segment(1), 'utf8')).to.contain('"event":"suppressed","refused":{"UNAUTHORIZED":45}')
    expect((await verify()).code).to.equal(0)
  })

  it('goes to a second file as well, which may be moved away', async () => {
    const copy = folder.file('copy.jsonl')
    const log = await start({ forward_file: copy })
    const event: SecurityEvent = { event: 'security', what: 'listener-refused', resource: '0.0.0.0:1', result: 'refused' }
    await log.record(event)
    await until(() => existsSync(copy) && eventsIn(copy).includes('security'))
    renameSync(copy, `${copy}.1`)
    await log.record(recordOf())
    await stop()
    expect(eventsIn(copy)).to.include('intent')
  })

  it('goes to syslog as datagrams, one message each', async () => {
    const server = createSocket('udp4')
    const got: string[] = []
    server.on('message', message => { got.push(message.toString()) })
    server.bind(0, '127.0.0.1')
    await once(server, 'listening')
    const log = await start({ syslog: `127.0.0.1:${server.address().port}` })
    await log.record(recordOf())
    await until(() => got.some(message => message.includes('"event":"intent"')))
    server.close()
    expect(got.at(-1)).to.match(/^<110>1 \d{4}-\d\d-\d\dT\S+Z node-1 caxton \d+ intent - \{"seq":\d+,.*\}$/)
  })

  it('goes to syslog on a connection, each message behind its length, and is never held up by who is gone', async () => {
    let got = ''
    const sockets: Socket[] = []
    const server = createServer(socket => {
      sockets.push(socket)
      socket.on('data', bytes => { got += bytes.toString() })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const metrics = new MetricsRegistry()
    const log = await start({ syslog: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, syslog_protocol: 'tcp' }, metrics)
    await log.record(recordOf())
    await until(() => got.includes('"event":"intent"'))
    const [, length, rest = ''] = /^(\d+) ([^]*)$/.exec(got) ?? []
    expect(rest.slice(0, Number(length))).to.match(/^<110>1 .*\}$/)
    for (const socket of sockets) socket.destroy()
    server.close()
    for (let i = 0; i < 10; i++) await log.record(recordOf())
    const lost = (): number => metrics.snapshot('caxton_audit_forward_lost_total')[0]?.samples.length ?? 0
    await until(() => lost() > 0)
    expect((await verify()).code).to.equal(0)
  })
})
