import { spawnSync } from 'node:child_process'

/** Whether this process may drop packets: it needs root and `nft` (`apt-get install nftables`). */
export function canFilterPackets (): boolean {
  const table = `caxton_probe_${process.pid}`
  return nft(`add table inet ${table}`) === '' && nft(`delete table inet ${table}`) === ''
}

/** Drops packets in silence on their way in, until it is lifted. */
export class PacketFilter {
  readonly #table: string

  /** `rule`: what is dropped, as nftables says it: `ip daddr 127.0.34.1 meta l4proto udp`. */
  constructor (name: string, rule: string) {
    this.#table = `caxton_${name}_${process.pid}`
    const problem = nft(
      `add table inet ${this.#table}`, `add chain inet ${this.#table} input { type filter hook input priority 0; }`,
      `add rule inet ${this.#table} input ${rule} drop`,
    )
    if (problem !== '') throw new Error(`nft: ${problem}`)
  }

  lift (): void {
    nft(`delete table inet ${this.#table}`)
  }
}

/** What went wrong; empty when nothing did. */
function nft (...commands: readonly string[]): string {
  const { status, stderr, error } = spawnSync('nft', ['-f', '-'], { input: commands.join('\n'), encoding: 'utf8' })
  if (error !== undefined) return error.message
  return status === 0 ? '' : stderr
}
