import { isIPv4, isIPv6 } from 'node:net'
import { malformed } from './refusal.js'

const DOT = 46
const ZERO = 48
const MAPPED = Buffer.from('00000000000000000000ffff', 'hex')

/** An IP address in 4 or 16 bytes as text; none as ''. An IPv4 address mapped into IPv6 reads as IPv4. */
export function hostOf (bytes: Uint8Array): string {
  if (bytes.length === 0) return ''
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.length !== 16) throw malformed(`an IP address of ${bytes.length} bytes`)
  if (MAPPED.equals(bytes.subarray(0, 12))) return bytes.subarray(12).join('.')
  const groups = Array.from({ length: 8 }, (_, index) => (bytes[2 * index] ?? 0) << 8 | (bytes[2 * index + 1] ?? 0))
  return shorten(groups)
}

/** The reverse; `RangeError` for what is no IP address. */
export function hostBytes (host: string): Uint8Array {
  if (host === '') return new Uint8Array(0)
  if (isIPv4(host)) return fourBytes(host)
  if (!isIPv6(host)) throw new RangeError(`"${host}" is no IP address`)
  const [address = ''] = host.split('%')
  const [before = '', after] = address.split('::')
  const head = groupBytes(before)
  const tail = after === undefined ? [] : groupBytes(after)
  const bytes = Uint8Array.from([...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail])
  return MAPPED.equals(bytes.subarray(0, 12)) ? bytes.subarray(12) : bytes
}

function fourBytes (host: string): Uint8Array {
  const bytes = new Uint8Array(4)
  let at = 0
  // By hand, because every ping and every ack has one.
  for (let index = 0; index < host.length; index++) {
    const code = host.charCodeAt(index)
    if (code === DOT) at += 1
    else bytes[at] = (bytes[at] ?? 0) * 10 + code - ZERO
  }
  return bytes
}

function groupBytes (text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap(group => {
    if (group.includes('.')) return [...fourBytes(group)]
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}

/** As RFC 5952 wants it: the longest run of two or more zero groups, the first of equals, is `::`. */
function shorten (groups: readonly number[]): string {
  let start = 0
  let length = 1
  for (let from = 0; from < groups.length; from++) {
    let to = from
    while (groups[to] === 0) to++
    if (to - from > length) [start, length] = [from, to - from]
  }
  const text = (part: readonly number[]): string => part.map(group => group.toString(16)).join(':')
  if (length < 2) return text(groups)
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`
}
