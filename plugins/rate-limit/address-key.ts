/** How much of an IPv6 address is one caller's: its network, of which a caller has 2⁶⁴ addresses to come from. */
const GROUPS = 4

/** What stands for the caller at an address: an IPv4 address as it is, the /64 network of an IPv6 address. */
export function addressKey (address: string): string {
  if (!address.includes(':')) return address
  const [plain = ''] = address.split('%')
  const [head = '', tail] = plain.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after]
  return `${groups.slice(0, GROUPS).map(group => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':')}::/64`
}
