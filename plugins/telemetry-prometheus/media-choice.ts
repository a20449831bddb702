import type { Exposition } from './exposition.js'

/** Longest header that is looked at, in characters. */
const LONGEST = 2_048

interface Wish {
  /** In lower case: `text/plain`, `gzip`. */
  readonly what: string
  readonly parameters: ReadonlyMap<string, string>
  /** 0 to 1. */
  readonly weight: number
}

/** Which format a scrape gets, from its `Accept` header (RFC 9110 §12.5.1). Prometheus text for whoever asks for nothing we have. */
export function chosenExposition (accept: string | undefined): Exposition {
  const wishes = wishesOf(accept)
  const weightOf = (fits: (wish: Wish) => boolean): number => Math.max(0, ...wishes.filter(fits).map(({ weight }) => weight))
  const open = weightOf(wish => wish.what === 'application/openmetrics-text' && spoken(wish, '1.0.0'))
  const plain = weightOf(wish => ['text/plain', 'text/*', '*/*'].includes(wish.what) && spoken(wish, '0.0.4'))
  return open > plain ? 'openmetrics' : 'prometheus'
}

/** Whether an answer may be compressed, from the `Accept-Encoding` header (RFC 9110 §12.5.3). */
export function takesGzip (acceptEncoding: string | undefined): boolean {
  const wishes = wishesOf(acceptEncoding)
  const named = wishes.find(({ what }) => what === 'gzip') ?? wishes.find(({ what }) => what === '*')
  return named !== undefined && named.weight > 0
}

const spoken = ({ parameters }: Wish, version: string): boolean => (parameters.get('version') ?? version) === version

function wishesOf (header = ''): Wish[] {
  return header.slice(0, LONGEST).split(',').map(part => {
    const [what = '', ...rest] = part.split(';').map(word => word.trim().toLowerCase())
    const parameters = new Map(rest.map(word => {
      const [name = '', value = ''] = word.split('=', 2).map(side => side.trim())
      return [name, value.replace(/^"(.*)"$/, '$1')]
    }))
    return { what, parameters, weight: weightOf(parameters.get('q')) }
  })
}

function weightOf (text: string | undefined): number {
  if (text === undefined) return 1
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 0
}
