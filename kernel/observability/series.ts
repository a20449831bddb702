import type { Labels } from '../contract/index.js'

/** Most label sets of one metric; what comes above is counted together under {@link OVERFLOW}. */
export const MOST_SERIES = 1_000
/** Label values are cut to this length. */
const LONGEST_VALUE = 128
/** The labels of everything above the bound. */
export const OVERFLOW: Labels = Object.freeze({ overflow: 'true' })

const UNLABELLED = Object.freeze({})

interface Series<V> {
  readonly labels: Labels
  readonly value: V
}

/** The values of one metric by label set: never more than {@link MOST_SERIES} and one for the overflow. */
export class SeriesTable<V> {
  private readonly series = new Map<string, Series<V>>()
  private bare: Series<V> | undefined

  constructor (private readonly fresh: () => V) {}

  of (labels: Labels | undefined): V {
    if (labels === undefined) {
      this.bare ??= this.make('', UNLABELLED)
      return this.bare.value
    }
    const key = keyOf(labels)
    const known = this.series.get(key)
    if (known !== undefined) return known.value
    return this.series.size < MOST_SERIES ? this.make(key, tidied(labels)).value : this.overflow()
  }

  /** What is counted without labels is 0 from the beginning, so that whoever watches it sees its first step. */
  beginBare (): void {
    if (this.series.size === 0) this.of(undefined)
  }

  all (): Iterable<Series<V>> {
    return this.series.values()
  }

  private overflow (): V {
    const key = keyOf(OVERFLOW)
    return (this.series.get(key) ?? this.make(key, OVERFLOW)).value
  }

  private make (key: string, labels: Labels): Series<V> {
    const series = this.series.get(key) ?? { labels, value: this.fresh() }
    this.series.set(key, series)
    return series
  }
}

function keyOf (labels: Labels): string {
  const names = Object.keys(labels)
  if (names.length > 1) names.sort()
  return names.map(name => `${name}\0${cut(labels[name])}`).join('\0')
}

function tidied (labels: Labels): Labels {
  return Object.freeze(Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, cut(value)])))
}

function cut (value: string | undefined): string {
  const text = String(value)
  return text.length > LONGEST_VALUE ? text.slice(0, LONGEST_VALUE) : text
}
