import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { Secret, type FinishedSpan, type LogLine } from '../../../../kernel/contract/index.js'
import { MetricsRegistry } from '../../../../kernel/observability/metrics.js'
import { SystemClock } from '../../../../kernel/observability/system-clock.js'
import { SystemRandom } from '../../../../kernel/observability/system-random.js'
import { OtlpTelemetry } from '../../../../plugins/telemetry-otlp/otlp-telemetry.js'
import type { TelemetryOtlpConfig } from '../../../../plugins/telemetry-otlp/telemetry-otlp-config.js'
import { OtlpCollector } from '../../../support/otlp-collector.js'
import { RecordingLogger } from '../../../support/recording-logger.js'
import { TestAuthority } from '../../../support/test-authority.js'
import { until } from '../../../support/until.js'

const NODE = { nodeId: 'node-1', zone: 'a', dataDirectory: '', startedAt: Date.UTC(2030, 0, 1), version: '0.1.0' }
const SPAN: FinishedSpan = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', name: 'send bob', kind: 'producer',
  startedAt: Date.UTC(2030, 0, 1), endedAt: Date.UTC(2030, 0, 1) + 1, attributes: { 'caxton.message.act': 'request' },
}
const LINE: LogLine = { at: Date.UTC(2030, 0, 1), level: 'info', part: 'server', message: 'server ready', fields: { milliseconds: 5 } }

describe('Telemetry by OTLP to a real collector', () => {
  let collector: OtlpCollector
  let telemetry: OtlpTelemetry | undefined
  let log: RecordingLogger
  let metrics: MetricsRegistry

  async function start (config: Partial<TelemetryOtlpConfig> = {}): Promise<OtlpTelemetry> {
    log = new RecordingLogger()
    metrics = new MetricsRegistry()
    metrics.counter('caxton_messages_sent_total', 'Messages.').add(7)
    telemetry = new OtlpTelemetry(NODE, new SystemClock(), new SystemRandom(), metrics, metrics, {
      endpoint: collector.endpoint, headers: [new Secret('authorization: Bearer x')], trust: undefined,
      certificate: undefined, key: undefined,
      signals: ['traces', 'metrics', 'logs'], log_level: 'info', service_name: 'caxton', attributes: ['deployment.environment.name=test'],
      compression: 'gzip', flush_interval: 20, metrics_interval: 50, batch: 512, queue: 1_000, timeout: 5_000, retry_for: 60_000, ...config,
    }, log)
    await telemetry.start()
    return telemetry
  }
  const figure = (name: string): number => metrics.snapshot(name)[0]?.samples.reduce((sum, { value }) => sum + value, 0) ?? 0

  beforeEach(async () => { collector = await OtlpCollector.start() })
  afterEach(async () => {
    await telemetry?.stop()
    telemetry = undefined
    await collector.stop()
  })

  it('brings spans, lines and metrics in the shapes of the specification, with what they come from', async () => {
    const running = await start()
    running.span(SPAN)
    running.line(LINE)
    running.line({ ...LINE, level: 'debug' })
    await until(() => ['traces', 'logs', 'metrics'].every(signal => collector.of(`/v1/${signal}`).length > 0))
    expect(collector.requests.map(({ problem }) => problem).filter(problem => problem !== '')).to.deep.equal([])
    const [traces] = collector.of('/v1/traces')
    expect(traces?.headers).to.include({ 'authorization': 'Bearer x', 'content-type': 'application/json', 'content-encoding': 'gzip' })
    expect(traces?.body).to.have.nested.property('resourceSpans[0].scopeSpans[0].spans[0].spanId', SPAN.spanId)
    const resource = JSON.stringify(traces?.body)
    for (const part of ['node-1', 'deployment.environment.name', 'service.name']) expect(resource).to.include(part)
    expect(collector.of('/v1/logs')[0]?.body).to.have.nested.property('resourceLogs[0].scopeLogs[0].logRecords').with.length(1)
    expect(JSON.stringify(collector.of('/v1/metrics')[0]?.body)).to.include('caxton_messages_sent_total')
    expect(running.health()).to.deep.equal({ state: 'ready' })
  })

  it('repeats what the collector can not take for the moment, as soon as it asks for that, and says so once', async () => {
    collector.answers.push({ status: 429, headers: { 'retry-after': '0' } }, { status: 503, headers: { 'retry-after': '0' } })
    const running = await start({ signals: ['traces'] })
    running.span(SPAN)
    await until(() => figure('caxton_otlp_sent_total') === 1)
    expect(collector.of('/v1/traces')).to.have.length(3)
    expect(log.lines.map(({ level }) => level)).to.deep.equal(['warn'])
    expect([running.health().state, figure('caxton_otlp_lost_total')]).to.deep.equal(['ready', 0])
  })

  it('sends what waits when the server stops', async () => {
    const running = await start({ flush_interval: 60_000, signals: ['traces', 'logs'] })
    running.span(SPAN)
    running.line(LINE)
    await running.stop()
    expect(collector.requests.map(request => request.path).sort()).to.deep.equal(['/v1/logs', '/v1/traces'])
  })

  it('is no trouble when nobody is there: it is counted, and the node says so', async () => {
    const gone = await OtlpCollector.start()
    await gone.stop()
    const running = await start({ endpoint: gone.endpoint, signals: ['traces'], retry_for: 0 })
    running.span(SPAN)
    await until(() => figure('caxton_otlp_lost_total') === 1)
    expect(running.health()).to.have.property('state', 'degraded')
    expect(running.health().detail).to.include('ECONNREFUSED')
  })

  it('goes over TLS to a collector of an authority that is trusted, and to no other', async () => {
    const authority = await TestAuthority.make()
    const { key, certificate } = await authority.node('collector')
    const secure = await OtlpCollector.start({ key, cert: certificate })
    const folder = await mkdtemp(path.join(tmpdir(), 'caxton-otlp-'))
    try {
      const trust = path.join(folder, 'ca.pem')
      await writeFile(trust, authority.trust)
      const endpoint = new URL(secure.endpoint)
      endpoint.hostname = 'localhost'
      const running = await start({ endpoint, trust, signals: ['traces'], retry_for: 0 })
      running.span(SPAN)
      await until(() => figure('caxton_otlp_sent_total') + figure('caxton_otlp_lost_total') === 1)
      expect([secure.requests.length, running.health().detail ?? '']).to.deep.equal([1, ''])
      await running.stop()
      const wary = await start({ endpoint, signals: ['traces'], retry_for: 0 })
      wary.span(SPAN)
      await until(() => figure('caxton_otlp_lost_total') === 1)
      expect(secure.requests).to.have.length(1)
    } finally {
      await secure.stop()
      await rm(folder, { recursive: true })
    }
  })

  it('shows its certificate to a collector that wants one', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'caxton-otlp-'))
    const authority = await TestAuthority.make()
    const server = await authority.node('localhost')
    const secure = await OtlpCollector.start({ key: server.key, cert: server.certificate, ca: authority.trust })
    try {
      const own = await authority.node('node-1')
      const files = { trust: path.join(folder, 'ca.pem'), certificate: path.join(folder, 'node.pem'), key: path.join(folder, 'node.key') }
      await Promise.all([
        writeFile(files.trust, authority.trust), writeFile(files.certificate, own.certificate), writeFile(files.key, own.key),
      ])
      const endpoint = new URL(secure.endpoint)
      endpoint.hostname = 'localhost'
      const running = await start({ endpoint, ...files, signals: ['traces'], retry_for: 0 })
      running.span(SPAN)
      await until(() => figure('caxton_otlp_sent_total') + figure('caxton_otlp_lost_total') === 1)
      expect([secure.requests.length, running.health().detail ?? '']).to.deep.equal([1, ''])
      await running.stop()
      const nobody = await start({ endpoint, trust: files.trust, signals: ['traces'], retry_for: 0 })
      nobody.span(SPAN)
      await until(() => figure('caxton_otlp_lost_total') === 1)
      expect(secure.requests).to.have.length(1)
      await nobody.stop()
      for (const more of [{ certificate: files.certificate }, { ...files, key: files.trust }, { ...files, certificate: '/nowhere' }]) {
        const outcome = await start({ endpoint, ...more }).catch((error: unknown) => error)
        expect(outcome).to.have.property('code', 'OTLP_CLIENT_CERTIFICATE_UNUSABLE')
      }
      telemetry = undefined
    } finally {
      await secure.stop()
      await rm(folder, { recursive: true })
    }
  })

  it('does not start with authorities that can not be read, and says which', async () => {
    const outcome = await start({ trust: '/nowhere/ca.pem' }).catch((error: unknown) => error)
    expect(outcome).to.have.property('code', 'OTLP_TRUST_UNREADABLE')
    telemetry = undefined
  })
})
