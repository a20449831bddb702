import { accessSync, closeSync, constants, existsSync, fsyncSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreFull } from '../../kernel/contract/in-shard.js'
import { StoreDirectoryUnwritable, StoreFileCorrupt, StoreFileMissing } from './sqlite-store-errors.js'

/**
 * The database file as the file system sees it. Beside it lies a marker that says that a database was made here, so
 * that one that is gone is noticed and never replaced by an empty one.
 */
export class DatabaseFile {
  readonly marker: string

  constructor (readonly path: string) {
    this.marker = `${path}.created`
  }

  /** Makes folder and file if there never was a database here, and refuses what cannot be used. */
  prepare (): void {
    const directory = dirname(this.path)
    this.#attempt(directory, () => {
      makeFolder(directory)
      accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK)
    })
    const wasMade = this.wasMade()
    const found = this.#attempt(this.path, () => statSync(this.path, { throwIfNoEntry: false }))
    if (!found && wasMade) throw StoreFileMissing({ file: this.path, marker: this.marker })
    if (found && !found.isFile()) throw StoreFileCorrupt({ file: this.path, reason: 'it is not a file' })
    if (found?.size === 0 && wasMade) throw StoreFileCorrupt({ file: this.path, reason: 'it is empty, and once was not' })
    // SQLite gives the files beside it the same mode: what the node keeps is nobody else's to read.
    this.#attempt(this.path, () => { closeSync(openSync(this.path, 'a+', 0o600)) })
  }

  wasMade (): boolean {
    return this.#attempt(this.marker, () => statSync(this.marker, { throwIfNoEntry: false })) !== undefined
  }

  /** Notes durably that the database exists. */
  mark (): void {
    this.#attempt(this.marker, () => {
      const marker = openSync(this.marker, 'w', 0o600)
      writeSync(marker, `${this.path} was made. If you delete it on purpose, delete this file too.\n`)
      fsyncSync(marker)
      closeSync(marker)
      const directory = openSync(dirname(this.path), 'r')
      fsyncSync(directory)
      closeSync(directory)
    })
  }

  /** Tells whether the path still leads to the same file; undefined when it leads nowhere. */
  inode (): bigint | undefined {
    return statSync(this.path, { throwIfNoEntry: false, bigint: true })?.ino
  }

  #attempt<T> (path: string, action: () => T): T {
    try {
      return action()
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'ENOSPC' || code === 'EDQUOT') throw StoreFull({ place: path }, { cause: error })
      throw StoreDirectoryUnwritable({ path, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
    }
  }
}

/**
 * Folder by folder, because Node's recursive mkdir never returns where the file system refuses with ENOENT, as /proc
 * does.
 */
function makeFolder (directory: string): void {
  if (existsSync(directory)) return
  makeFolder(dirname(directory))
  mkdirSync(directory, { mode: 0o700 })
}
