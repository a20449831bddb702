import { open, stat, type FileHandle } from 'node:fs/promises'
import type { ForwardTarget } from './forwarder.js'

/** A second file to which records are appended. What rotates it may move it away: it is opened anew when it is gone. */
export class SecondFile implements ForwardTarget {
  readonly name: string
  #handle: FileHandle | undefined

  constructor (private readonly file: string) {
    this.name = `file ${file}`
  }

  async send (line: string): Promise<void> {
    if (this.#handle !== undefined && await this.#isGone(this.#handle)) await this.close()
    this.#handle ??= await open(this.file, 'a', 0o600)
    await this.#handle.write(`${line}\n`)
  }

  async close (): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.close()
  }

  async #isGone (handle: FileHandle): Promise<boolean> {
    const there = await stat(this.file).catch(() => undefined)
    return there?.ino !== (await handle.stat()).ino
  }
}
