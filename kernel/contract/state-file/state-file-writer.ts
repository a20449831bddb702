import { createHash, type Hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type FileHandle, open, rename, truncate } from 'node:fs/promises'
import { stateDigest, type StateEntry } from './state-entry.js'
import { StateFileExists } from './state-file-errors.js'
import type { StateFileHeader } from './state-file-line.js'
import { wholeLines } from './state-file-reader.js'

const FLUSH_BYTES = 1024 * 1024

/**
 * Writes a file of state: a header, one line for each entry in ascending order of keys, and a last line with counts and a checksum over all
 * before it. Until then it is called `FILE.part`; one that an earlier run left is gone on with.
 */
export class StateFileWriter {
  #text = ''
  #bytes: number
  #entries: number
  #last: string | undefined

  private constructor (
    private readonly file: string, private readonly handle: FileHandle, private readonly hash: Hash,
    kept: { readonly bytes: number, readonly entries: number, readonly last: string | undefined },
  ) {
    this.#bytes = kept.bytes
    this.#entries = kept.entries
    this.#last = kept.last
  }

  /** Throws `STATE_EXPORT_FILE_EXISTS`. A `FILE.part` with another prefix is begun anew. */
  static async open (file: string, header: StateFileHeader): Promise<StateFileWriter> {
    if (existsSync(file)) throw StateFileExists({ file })
    const part = `${file}.part`
    const hash = createHash('sha256')
    const kept = await wholeLines(part, header.prefix, hash)
    if (kept) await truncate(part, kept.bytes)
    const handle = await open(part, kept ? 'a' : 'w', 0o600)
    if (kept) return new StateFileWriter(file, handle, hash, kept)
    const writer = new StateFileWriter(file, handle, createHash('sha256'), { bytes: 0, entries: 0, last: undefined })
    await writer.#line(JSON.stringify({ format: 'caxton-state', version: 1, ...header }))
    return writer
  }

  /** Entries that are in the file. */
  get entries (): number {
    return this.#entries
  }

  /** The last key in the file, behind which to go on. */
  get last (): string | undefined {
    return this.#last
  }

  async add ({ key, version, json }: StateEntry): Promise<void> {
    this.#entries++
    this.#last = key
    await this.#line(JSON.stringify({ key, version, sha256: stateDigest(json), json }))
  }

  /** Writes the last line, makes all durable, and gives the file its name. */
  async finish (): Promise<{ readonly entries: number, readonly bytes: number }> {
    await this.#flush()
    const end = { end: true, entries: this.#entries, bytes: this.#bytes, sha256: this.hash.copy().digest('hex') }
    await this.#line(JSON.stringify(end))
    await this.#flush()
    await this.handle.sync()
    await this.handle.close()
    await rename(`${this.file}.part`, this.file)
    return { entries: end.entries, bytes: this.#bytes }
  }

  /** Leaves `FILE.part` with all that was added. */
  async leave (): Promise<void> {
    await this.#flush()
    await this.handle.close()
  }

  async #line (text: string): Promise<void> {
    this.#text += `${text}\n`
    if (this.#text.length >= FLUSH_BYTES) await this.#flush()
  }

  async #flush (): Promise<void> {
    const bytes = Buffer.from(this.#text)
    this.#text = ''
    this.hash.update(bytes)
    this.#bytes += bytes.byteLength
    await this.handle.writeFile(bytes)
  }
}
