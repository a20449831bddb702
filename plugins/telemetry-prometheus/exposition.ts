/** One metric with its series, as the metrics reader or the operation `Server/Metrics` gives it. */
export interface ExposedMetric {
  readonly name: string
  readonly help: string
  /** `counter`, `gauge` or `histogram`. */
  readonly type: string
  readonly samples: ReadonlyArray<{
    readonly labels: Readonly<Record<string, string>>
    readonly value: number
    readonly bounds?: readonly number[]
    readonly counts?: ReadonlyArray<number | bigint>
  }>
}

/** Prometheus text format 0.0.4, or OpenMetrics text format 1.0. */
export type Exposition = 'prometheus' | 'openmetrics'

export const CONTENT_TYPE: Readonly<Record<Exposition, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

const UNIT = /_(seconds|bytes|ratio)$/
/** What stands for itself in a series of a histogram. */
const OWN_LABEL = 'le'

/**
 * Writes metrics as Prometheus reads them (https://prometheus.io/docs/instrumenting/exposition_formats/) or as OpenMetrics 1.0 does.
 * A metric without a series is named all the same, so that whoever looks sees what there can be. Values and the bounds of buckets
 * read the same in both, so that a series stays one whatever format a scrape chose.
 */
export function exposition (metrics: readonly ExposedMetric[], format: Exposition): string {
  const lines: string[] = []
  for (const metric of metrics) write(metric, format, lines)
  if (format === 'openmetrics') lines.push('# EOF')
  return lines.map(line => `${line}\n`).join('')
}

function write (metric: ExposedMetric, format: Exposition, lines: string[]): void {
  const { name, help, type, samples } = metric
  // OpenMetrics names the family of a counter without the suffix of its sample (§ Counter).
  const family = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name
  const unit = UNIT.exec(family)?.[1]
  lines.push(`# HELP ${family} ${escaped(help, format === 'openmetrics')}`, `# TYPE ${family} ${type}`)
  if (format === 'openmetrics' && unit !== undefined) lines.push(`# UNIT ${family} ${unit}`)
  for (const { labels, value, bounds = [], counts = [] } of samples) {
    if (type === 'histogram') writeHistogram(name, labelTexts(labels, [OWN_LABEL]), { sum: value, bounds, counts }, lines)
    else lines.push(`${name}${braced(labelTexts(labels, []))} ${numberText(value)}`)
  }
}

interface Buckets {
  readonly sum: number
  readonly bounds: readonly number[]
  readonly counts: ReadonlyArray<number | bigint>
}

function writeHistogram (name: string, labels: readonly string[], { sum, bounds, counts }: Buckets, lines: string[]): void {
  for (const [bucket, count] of counts.entries()) {
    const bound = `${OWN_LABEL}="${floatText(bounds[bucket] ?? Infinity)}"`
    lines.push(`${name}_bucket${braced([...labels, bound])} ${numberText(count)}`)
  }
  lines.push(`${name}_sum${braced(labels)} ${numberText(sum)}`, `${name}_count${braced(labels)} ${numberText(counts.at(-1) ?? 0)}`)
}

/** Names that Prometheus would not read are mended; of two that become one, the first stays. */
function labelTexts (labels: Readonly<Record<string, string>>, taken: readonly string[]): string[] {
  const known = new Set(taken)
  const texts: string[] = []
  for (const [name, value] of Object.entries(labels)) {
    const readable = labelName(name)
    if (known.has(readable)) continue
    known.add(readable)
    texts.push(`${readable}="${escaped(value, true)}"`)
  }
  return texts
}

/** `[a-zA-Z_][a-zA-Z0-9_]*`, and nothing that begins with the two underscores which Prometheus keeps for itself. */
function labelName (name: string): string {
  const clean = name.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^__+/, '_')
  return /^[a-zA-Z_]/.test(clean) ? clean : `_${clean}`
}

const braced = (labels: readonly string[]): string => labels.length === 0 ? '' : `{${labels.join(',')}}`

function escaped (text: string, quotes: boolean): string {
  const safe = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return quotes ? safe.replaceAll('"', '\\"') : safe
}

function numberText (value: number | bigint): string {
  if (value === Infinity) return '+Inf'
  return value === -Infinity ? '-Inf' : String(value)
}

/** As OpenMetrics wants bounds: `1.0`, not `1` (§ Considerations: Canonical Numbers). */
const floatText = (value: number): string => Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(1) : numberText(value)
