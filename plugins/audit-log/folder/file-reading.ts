import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { AuditReading } from './audit-folder.js'
import { HASH_KEY_NAME, HEAD_NAME, KEYS_FOLDER, segmentName, segmentNumber } from './file-names.js'

/** Reads an audit log in a folder, of which it changes nothing. */
export class FileReading implements AuditReading {
  constructor (protected readonly folder: string) {}

  async segments (): Promise<readonly number[]> {
    const names = await readdir(this.folder)
    return names.map(segmentNumber).filter(number => number !== undefined).sort((one, other) => one - other)
  }

  read (segment: number): AsyncIterable<Uint8Array> {
    return createReadStream(path.join(this.folder, segmentName(segment)), { highWaterMark: 256 * 1024 })
  }

  head (): Promise<Uint8Array | undefined> {
    return ifThere(readFile(path.join(this.folder, HEAD_NAME)))
  }

  async hashKey (): Promise<Uint8Array | undefined> {
    const text = await ifThere(readFile(path.join(this.folder, KEYS_FOLDER, HASH_KEY_NAME), 'utf8'))
    return text === undefined ? undefined : Buffer.from(text.trim(), 'hex')
  }
}

/** Undefined for a file that is not there, or not for this user. */
async function ifThere<T> (work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')) return undefined
    throw error
  }
}
