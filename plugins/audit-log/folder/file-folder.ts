import { generateKeyPairSync } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readFile, rm, stat, writeFile, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import type { Random } from '../../../kernel/contract/index.js'
import type { AuditFolder, FolderKeys, OpenSegment } from './audit-folder.js'
import { HASH_KEY_NAME, HEAD_NAME, KEYS_FOLDER, segmentName, SIGNING_KEY_NAME } from './file-names.js'
import { FileReading } from './file-reading.js'

const KEY_BYTES = 32
/** A write is over when it is on the disk: one way to the disk, where a write and a sync are two. */
const APPENDING = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_DSYNC

/** An audit log in a folder of the file system, which only its owner may enter. */
export class FileFolder extends FileReading implements AuditFolder {
  #head: FileHandle | undefined

  constructor (folder: string, private readonly random: Random) {
    super(folder)
  }

  async open (segment: number): Promise<OpenSegment> {
    const handle = await open(path.join(this.folder, segmentName(segment)), APPENDING, 0o600)
    await this.#syncFolder()
    return new FileSegment(handle)
  }

  async size (segment: number): Promise<number> {
    return (await stat(path.join(this.folder, segmentName(segment)))).size
  }

  async remove (segment: number): Promise<void> {
    await rm(path.join(this.folder, segmentName(segment)), { force: true })
    await this.#syncFolder()
  }

  async writeHead (bytes: Uint8Array): Promise<void> {
    if (this.#head === undefined) {
      const file = path.join(this.folder, HEAD_NAME)
      this.#head = await open(file, 'r+').catch(async () => {
        await writeFile(file, bytes, { mode: 0o600, flush: true })
        await this.#syncFolder()
        return open(file, 'r+')
      })
    }
    await this.#head.write(bytes, 0, bytes.length, 0)
  }

  async keys (): Promise<FolderKeys> {
    await mkdir(path.join(this.folder, KEYS_FOLDER), { recursive: true, mode: 0o700 })
    const hash = await this.#keyFile(HASH_KEY_NAME, () => Buffer.from(this.random.bytes(KEY_BYTES)).toString('hex'))
    const signing = await this.#keyFile(SIGNING_KEY_NAME, () =>
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
    return { hash: Buffer.from(hash.trim(), 'hex'), signing }
  }

  async close (): Promise<void> {
    await this.#head?.close()
    this.#head = undefined
  }

  async #keyFile (name: string, make: () => string): Promise<string> {
    const file = path.join(this.folder, KEYS_FOLDER, name)
    try {
      await writeFile(file, make(), { mode: 0o600, flag: 'wx', flush: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    return await readFile(file, 'utf8')
  }

  /** A new name is on the disk only with its folder. */
  async #syncFolder (): Promise<void> {
    const handle = await open(this.folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
}

class FileSegment implements OpenSegment {
  constructor (private readonly handle: FileHandle) {}

  async append (bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await this.handle.write(bytes, at)
      at += bytesWritten
    }
  }

  async truncate (size: number): Promise<void> {
    await this.handle.truncate(size)
    await this.handle.datasync()
  }

  close (): Promise<void> {
    return this.handle.close()
  }
}
