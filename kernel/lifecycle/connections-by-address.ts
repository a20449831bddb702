import { isIPv6, type Socket } from 'node:net'

/** Counts open connections by where they come from, so that one peer can't have all of them. */
export class ConnectionsByAddress {
  private readonly open = new Map<string, number>()

  constructor (private readonly most: number) {}

  /** Whether a connection may stay; it is then counted until it closes. */
  admit (socket: Socket): boolean {
    // One that is closed already has none.
    if (socket.remoteAddress === undefined) return false
    const from = networkOf(socket.remoteAddress)
    const count = this.open.get(from) ?? 0
    if (count >= this.most) return false
    this.open.set(from, count + 1)
    socket.once('close', () => { this.leave(from) })
    return true
  }

  private leave (from: string): void {
    const left = (this.open.get(from) ?? 1) - 1
    if (left > 0) this.open.set(from, left)
    else this.open.delete(from)
  }
}

/** An IPv4 address, or the first 64 bits of an IPv6 address: whoever has one of these has them all (RFC 6177). */
export function networkOf (address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address
  // An IPv4 address at the end stands for two groups, none of which is looked at.
  const halves = address.replace(/%.*$/, '').replace(/\d+\.\d+\.\d+\.\d+$/, '0:0').toLowerCase().split('::')
    .map(half => half.split(':').filter(group => group !== ''))
  const [head = [], tail] = halves
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - head.length - tail.length)
  const groups = [...head, ...Array.from({ length: zeros }, () => '0'), ...tail ?? []]
  return `${groups.slice(0, 4).map(group => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}
