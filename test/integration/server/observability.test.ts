import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { ROOT } from '../../support/compiled-agents.js'
import { metricsDocument, programSources, type ShownMetric } from '../../support/metrics-document.js'
import { GOSSIP_KEY, ObservedServer } from '../../support/observed-server.js'
import { hasPrometheus, PrometheusProcess, promtool } from '../../support/prometheus-process.js'
import { until } from '../../support/until.js'

/** Names of metrics as the sources have them. */
const NAME = /'((?:caxton|process|nodejs)_[a-z0-9_]+)',/g

const ALERTS = join(ROOT, 'config/observability/caxton-alerts.yml')
const DASHBOARD = join(ROOT, 'config/observability/caxton-dashboard.json')

/** What the panels of the dashboard ask, with its variables filled in. */
function panelExpressions (): string[] {
  const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { panels: Array<{ targets?: Array<{ expr: string }> }> }
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr
    .replaceAll('$job', 'caxton').replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m')))
}

async function ruleHealth (prometheus: PrometheusProcess): Promise<string[]> {
  const { groups } = await prometheus.ask('rules') as { groups: Array<{ rules: Array<{ health: string }> }> }
  return groups.flatMap(({ rules }) => rules.map(({ health }) => health))
}

/** A real server, looked at as an operator does, and with the tools of Prometheus. */
describe('What can be seen of a server', function () {
  this.timeout(60_000)
  let observed: ObservedServer
  let metrics: readonly ShownMetric[]
  before(async () => {
    observed = await ObservedServer.start()
    metrics = await observed.metrics()
  })
  after(() => observed.stop())

  it('is told by docs/metrics.md (if not: node scripts/metrics-reference.mjs)', () => {
    expect(readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8')).to.equal(`${metricsDocument(metrics).join('\n').trimEnd()}\n`)
  })

  it('is every metric that the sources name; test/fixtures/observability/everything.toml has the plugins', () => {
    const named = programSources().filter(({ text }) => /\.(counter|gauge|histogram)\(/.test(text))
      .flatMap(({ text }) => [...text.matchAll(NAME)].map(([, name]) => name))
    const shown = new Set(metrics.map(({ name }) => name))
    expect(named.filter(name => name !== undefined && !shown.has(name))).to.deep.equal([])
    expect(named.length).to.be.greaterThan(50)
  })

  it('has no label that its part did not declare', () => {
    const undeclared = metrics.flatMap(({ name, labelNames, samples }) =>
      samples.flatMap(({ labels }) => Object.keys(labels).filter(label => !labelNames.includes(label)).map(label => `${name}: ${label}`)))
    expect(undeclared).to.deep.equal([])
  })

  it('has names and units about which promtool has nothing to say', async function () {
    if (!hasPrometheus()) this.skip()
    expect(promtool(['check', 'metrics'], await observed.page('/metrics'))).to.deep.equal({ code: 0, said: '' })
  })

  it('is scraped, openly on this machine, and with TLS and a key where that is asked for, for every alert and panel', async function () {
    if (!hasPrometheus()) this.skip()
    const prometheus = await PrometheusProcess.start({
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [ALERTS],
      scrape_configs: [
        { job_name: 'caxton', static_configs: [{ targets: [observed.port('open')] }] },
        {
          job_name: 'guarded', scheme: 'https', tls_config: { ca_file: observed.authority },
          authorization: { credentials_file: observed.keyFile }, static_configs: [{ targets: [observed.port('guarded')] }],
        },
        {
          job_name: 'stranger', scheme: 'https', tls_config: { ca_file: observed.authority },
          static_configs: [{ targets: [observed.port('guarded')] }],
        },
      ],
    })
    try {
      await prometheus.untilValues('up{job="caxton"}', ([up]) => up === 1)
      await prometheus.untilValues('up{job="guarded"}', ([up]) => up === 1)
      await prometheus.untilValues('up{job="stranger"}', ([up]) => up === 0)
      await prometheus.untilValues('caxton_messages_processed_total', values => values.length === 2 && values.every(value => value >= 1))
      await prometheus.untilValues('sum(caxton_agent_startup_seconds_bucket{job="caxton",le="+Inf"})', ([count]) => Number(count) > 0)
      for (const expression of panelExpressions()) await prometheus.values(expression)
      await until(async () => (await ruleHealth(prometheus)).every(health => health === 'ok'))
    } finally {
      await prometheus.stop()
    }
  })

  it('has every metric of the alerts and the dashboard', () => {
    const shown = new Set(metrics.flatMap(({ name, type }) =>
      type === 'histogram' ? [name, ...['_bucket', '_sum', '_count'].map(suffix => `${name}${suffix}`)] : [name]))
    for (const [file, most] of [[ALERTS, 15], [DASHBOARD, 40]] as const) {
      const used = new Set(readFileSync(file, 'utf8').match(/\b(caxton|process|nodejs)_[a-z0-9_]+/g))
      expect([...used].filter(name => !shown.has(name)), file).to.deep.equal([])
      expect(used.size).to.be.greaterThan(most)
    }
  })

  it('is more when a part is told to say more, which is on record, until it is told to stop', async () => {
    const told = async (...words: string[]): Promise<unknown> =>
      JSON.parse((await observed.caxton('log-level', 'agents', ...words, '--output', 'json')).stdout)
    expect(await told('debug')).to.deep.equal({ parts: [{ part: 'agents', level: 'debug', changed: true }] })
    expect(await told('--reset')).to.deep.equal({ parts: [{ part: 'agents', level: 'info', changed: false }] })
    const recorded = await observed.caxton('audit', 'query', '--output', 'json')
    for (const operation of ['Diagnostics/SetLogLevel', 'Diagnostics/ResetLogLevel']) expect(recorded.stdout).to.include(operation)
  })

  it('is in one bundle, which tar reads and in which no secret is', async () => {
    const file = observed.folder.file('bundle.tar.gz')
    await observed.caxton('debug', 'bundle', '--file', file)
    expect(spawnSync('tar', ['-xzf', file, '-C', observed.folder.path]).status).to.equal(0)
    const manifest = JSON.parse(readFileSync(observed.folder.file('manifest.json'), 'utf8')) as {
      readonly files: ReadonlyArray<{ readonly name: string, readonly sha256: string }>, readonly missing: readonly unknown[]
    }
    expect(manifest.missing).to.deep.equal([])
    expect(manifest.files.map(({ name }) => name)).to.deep.equal([
      'status.json', 'plugins.json', 'metrics.json', 'cluster.json', 'members.json', 'agents.json', 'log-levels.json',
      'configuration.json', 'versions.json', 'threads.json', 'log.jsonl',
    ])
    for (const { name, sha256 } of manifest.files) {
      expect(createHash('sha256').update(readFileSync(observed.folder.file(name))).digest('hex'), name).to.equal(sha256)
    }
    const archive = gunzipSync(readFileSync(file)).toString('latin1')
    expect(archive).to.include('"echo"').and.to.include('cluster-swim')
    for (const secret of secrets()) expect(archive).not.to.include(secret)
  })

  /** Every secret of the server, and pieces of those that have several lines. */
  function secrets (): string[] {
    const { folder } = observed
    const keys = ['tls', 'data'].flatMap(name => readdirSync(folder.file(name)).map(file => folder.file(name, file)))
      .filter(path => path.endsWith('.key'))
    const lines = [observed.keyFile, ...keys].flatMap(path => readFileSync(path, 'latin1').split('\n'))
      .filter(line => line.length > 12 && !line.startsWith('-----'))
    expect(lines.length).to.be.greaterThan(3)
    return [GOSSIP_KEY, ...lines]
  }
})
