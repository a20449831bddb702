import { statfs } from 'node:fs/promises'
import type { Metrics } from '../../contract/index.js'

/**
 * Shows how much room the disk of a folder has. A disk may take long to answer, and reading metrics must not wait for it: each reading
 * shows what the one before it asked for, and nothing while there was no answer.
 */
export class DiskRoom {
  private asking: Promise<void> | undefined
  private known: { readonly size: number, readonly free: number } | undefined

  constructor (private readonly folder: string) {}

  show (metrics: Metrics): void {
    const size = metrics.gauge('caxton_data_disk_size_bytes', 'Size of the disk that holds the data of this node.')
    const free = metrics.gauge('caxton_data_disk_free_bytes', 'Room on the disk that holds the data of this node.')
    metrics.onCollect(() => {
      void this.ask()
      if (this.known === undefined) return
      size.set(this.known.size)
      free.set(this.known.free)
    })
  }

  /** Resolves when it is known, or can't be. */
  ask (): Promise<void> {
    this.asking ??= this.look().finally(() => { this.asking = undefined })
    return this.asking
  }

  private async look (): Promise<void> {
    try {
      const { blocks, bavail, bsize } = await statfs(this.folder)
      this.known = { size: blocks * bsize, free: bavail * bsize }
    } catch {
      // The folder went away, which its owner reports.
      this.known = undefined
    }
  }
}
