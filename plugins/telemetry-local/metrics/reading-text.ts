import type { Labels, MetricSnapshot } from '../../../kernel/contract/index.js'

/** One series as it was at one time. */
export interface Reading {
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  readonly labels: Labels
  /** Of a histogram: the sum. */
  readonly value: number
  /** Of a histogram: how many values; of others 0. */
  readonly count: number
}

/** All series of a metric at one time as one line; undefined when it has none. */
export function readingText (at: number, metric: MetricSnapshot): string | undefined {
  if (metric.samples.length === 0) return undefined
  const series = metric.type === 'histogram'
    ? metric.samples.map(({ labels, value, counts }) => [labels, value, counts.at(-1) ?? 0])
    : metric.samples.map(({ labels, value }) => [labels, value])
  return JSON.stringify([at, metric.name, series])
}

/** How a line about a metric begins after its time, so that others need not be read. */
export const markOf = (name: string): string => `,${JSON.stringify(name)},[[`

/** The series in such a line, if it is about the metric of that name. */
export function readReadings (text: string, name: string): readonly Reading[] {
  const [at, of, series] = arrayIn(text)
  if (typeof at !== 'number' || of !== name || !Array.isArray(series)) return []
  return series.flatMap((each: unknown) => {
    const [labels, value, count] = Array.isArray(each) ? each as readonly unknown[] : []
    return typeof value === 'number' ? [{ at, labels: labelsOf(labels), value, count: typeof count === 'number' ? count : 0 }] : []
  })
}

function arrayIn (text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

function labelsOf (value: unknown): Labels {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
