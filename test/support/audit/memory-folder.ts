import { generateKeyPairSync } from 'node:crypto'
import type { AuditFolder, FolderKeys, OpenSegment } from '../../../plugins/audit-log/folder/audit-folder.js'

/** An audit log in memory, whose disk can fill up, hang, and be tampered with. */
export class MemoryFolder implements AuditFolder {
  readonly files = new Map<number, Buffer>()
  headBytes: Uint8Array | undefined
  /** Bytes that still fit; what goes beyond is written in part and fails, as on a full disk. */
  room = Infinity
  failsSync = false
  syncs = 0
  /** While set, syncs wait for it. */
  held: Promise<void> | undefined
  #keys: FolderKeys | undefined

  async segments (): Promise<readonly number[]> {
    return [...this.files.keys()].sort((one, other) => one - other)
  }

  async * read (segment: number): AsyncGenerator<Uint8Array, void, undefined> {
    const bytes = this.files.get(segment) ?? Buffer.alloc(0)
    for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000)
  }

  async head (): Promise<Uint8Array | undefined> {
    return this.headBytes
  }

  async hashKey (): Promise<Uint8Array | undefined> {
    return this.#keys?.hash
  }

  async open (segment: number): Promise<OpenSegment> {
    if (!this.files.has(segment)) this.files.set(segment, Buffer.alloc(0))
    const file = (): Buffer => this.files.get(segment) ?? Buffer.alloc(0)
    return {
      append: async bytes => {
        const fitting = bytes.subarray(0, Math.min(bytes.length, this.room))
        this.room -= fitting.length
        this.files.set(segment, Buffer.concat([file(), fitting]))
        if (fitting.length < bytes.length) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
        await this.held
        if (this.failsSync) throw new Error('EIO: i/o error')
        this.syncs += 1
      },
      truncate: async size => {
        this.room += file().length - size
        this.files.set(segment, file().subarray(0, size))
      },
      close: async () => {},
    }
  }

  async size (segment: number): Promise<number> {
    return this.files.get(segment)?.length ?? 0
  }

  async remove (segment: number): Promise<void> {
    this.files.delete(segment)
  }

  async writeHead (bytes: Uint8Array): Promise<void> {
    this.headBytes = bytes
  }

  async keys (): Promise<FolderKeys> {
    this.#keys ??= {
      hash: Buffer.alloc(32, 7),
      signing: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
    return this.#keys
  }

  async close (): Promise<void> {}

  /** The lines of a segment, without newlines. */
  lines (segment: number): string[] {
    return (this.files.get(segment) ?? Buffer.alloc(0)).toString('utf8').split('\n').slice(0, -1)
  }

  /** Replaces the lines of a segment. */
  rewrite (segment: number, lines: readonly string[]): void {
    this.files.set(segment, Buffer.from(lines.map(line => `${line}\n`).join('')))
  }

  /** A copy that can be tampered with. */
  copy (): MemoryFolder {
    const copy = new MemoryFolder()
    for (const [segment, bytes] of this.files) copy.files.set(segment, Buffer.from(bytes))
    copy.headBytes = this.headBytes === undefined ? undefined : Buffer.from(this.headBytes)
    copy.#keys = this.#keys
    return copy
  }
}
