import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './compiled-agents.js'

/** One metric, as `caxton metrics --output json` shows it. */
export interface ShownMetric {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly labelNames: readonly string[]
  readonly samples: ReadonlyArray<{ readonly labels: Readonly<Record<string, string>> }>
}

/** Both transports count by the same code. */
const SHARED: ReadonlyMap<string, string> = new Map([['kernel/contract/links', 'Transports']])

/** The lines of docs/metrics.md: every metric with its type, labels and meaning, by the part of the program that it comes from. */
export function metricsDocument (metrics: readonly ShownMetric[]): string[] {
  const sources = programSources()
  const origins = new Map(metrics.map(({ name }) => [name, originOf(name, sources)]))
  const sections = [...new Set(origins.values())].sort((a, b) => Number(b === 'Kernel') - Number(a === 'Kernel') || (a < b ? -1 : 1))
  return [
    '# Metrics', '',
    '<!-- Written by scripts/metrics-reference.mjs from a running server; change the program, not this file. -->', '',
    'Every metric that a server can have; those of a plugin are there when it is on. `caxton metrics [PREFIX]` shows them as they stand, '
    + '[telemetry-prometheus](../plugins/telemetry-prometheus/README.md) gives them to Prometheus, and '
    + '[observability.md](observability.md) says which to watch.', '',
    'A counter only grows while the process lives, and begins at 0 with it. '
    + 'A histogram has `_bucket`, `_sum` and `_count`. A metric has at '
    + 'most 1,000 sets of labels; what comes above is counted together under `overflow="true"`. Times are in seconds, sizes in bytes.', '',
    ...sections.flatMap(section => [
      `## ${section}`, '', '| name | type | labels | meaning |', '|---|---|---|---|',
      ...metrics.filter(({ name }) => origins.get(name) === section).map(row), '',
    ]),
  ]
}

function row ({ name, type, labelNames, help }: ShownMetric): string {
  const labels = labelNames.map(label => `\`${label}\``).join(', ')
  return `| \`${name}\` | ${type} | ${labels === '' ? '–' : labels} | ${help.replaceAll('|', '\\|')} |`
}

/** The part of the program in whose source the name stands. */
function originOf (name: string, sources: readonly Source[]): string {
  const path = sources.find(({ text }) => text.includes(`'${name}'`))?.path ?? ''
  const shared = [...SHARED].find(([folder]) => path.startsWith(folder))?.[1]
  const [, plugin] = /^plugins\/([^/]+)\//.exec(path) ?? []
  return shared ?? (plugin === undefined ? 'Kernel' : `Plugin ${plugin}`)
}

interface Source {
  readonly path: string
  readonly text: string
}

/** Every source of the kernel and the plugins. */
export function programSources (): Source[] {
  return ['kernel', 'plugins'].flatMap(folder => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).sort()
    .filter(file => file.endsWith('.ts'))
    .map(file => ({ path: `${folder}/${file}`, text: readFileSync(join(ROOT, folder, file), 'utf8') })))
}
