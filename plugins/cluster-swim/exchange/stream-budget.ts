/** What one connection holds of a {@link StreamBudget}. */
export interface Share {
  /** It holds this many bytes from now on; 0 gives all back. */
  hold (bytes: number): void
}

/**
 * The memory that all connections of others may hold together while their messages are not whole yet. Where it is used up, whoever
 * holds the most loses its connection, so that a few large ones keep no small one out.
 */
export class StreamBudget {
  readonly #holders = new Map<Share, { bytes: number, readonly lose: () => void }>()
  #total = 0

  constructor (private readonly limit: number) {}

  get held (): number {
    return this.#total
  }

  /** `lose` ends the connection; its share is given back before. */
  share (lose: () => void): Share {
    const share: Share = {
      hold: bytes => {
        const before = this.#holders.get(share)?.bytes ?? 0
        this.#total += bytes - before
        if (bytes === 0) this.#holders.delete(share)
        else this.#holders.set(share, { bytes, lose })
        while (this.#total > this.limit) this.#takeFromLargest()
      },
    }
    return share
  }

  #takeFromLargest (): void {
    let largest: Share | undefined
    let most = 0
    for (const [share, { bytes }] of this.#holders) {
      if (bytes <= most) continue
      largest = share
      most = bytes
    }
    if (largest === undefined) return
    const lose = this.#holders.get(largest)?.lose
    this.#holders.delete(largest)
    this.#total -= most
    lose?.()
  }
}
