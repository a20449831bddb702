import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DataDirectoryInUse, DataDirectoryUnusable } from './server-errors.js'

const LOCK = 'caxton.pid'

/**
 * The folder that holds everything this node keeps, for one process at a time: the process id stands in a file that is
 * made as one whole and only if it is not there. A file that a killed process left behind is recognised and replaced.
 */
export class DataDirectory {
  #held = false

  constructor (readonly folder: string) {}

  /** Throws `DATA_DIRECTORY_UNUSABLE`, or `DATA_DIRECTORY_IN_USE` with the other's process id. */
  lock (): void {
    const mine = path.join(this.folder, `${LOCK}.${process.pid}`)
    try {
      makeFolder(this.folder)
      writeFileSync(mine, `${process.pid} ${startOf(process.pid)}\n`)
    } catch (cause) {
      throw DataDirectoryUnusable({ folder: this.folder, problem: problemOf(cause) }, { cause })
    }
    try {
      this.#take(mine)
    } finally {
      unlinkSync(mine)
    }
  }

  /** Lets another process in. */
  release (): void {
    if (!this.#held) return
    this.#held = false
    rmSync(path.join(this.folder, LOCK), { force: true })
  }

  #take (mine: string): void {
    const lock = path.join(this.folder, LOCK)
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        linkSync(mine, lock)
        this.#held = true
        return
      } catch (cause) {
        if (codeOf(cause) !== 'EEXIST') {
          throw DataDirectoryUnusable({ folder: this.folder, problem: problemOf(cause) }, { cause })
        }
        const found = textOf(lock)
        const holder = holderOf(found)
        if (holder !== undefined) throw DataDirectoryInUse({ folder: this.folder, processId: holder })
        removeStale(lock, `${mine}.stale`, found)
      }
    }
    throw DataDirectoryInUse({ folder: this.folder, processId: holderOf(textOf(lock)) ?? 0 })
  }
}

/**
 * Takes a stale lock file away. Of several processes that do so at once one gets the file; another might get the new
 * lock of the first instead, sees that it is another, and puts it back.
 */
function removeStale (lock: string, aside: string, found: string): void {
  try {
    renameSync(lock, aside)
    if (textOf(aside) !== found) linkSync(aside, lock)
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT' && codeOf(cause) !== 'EEXIST') throw cause
  } finally {
    rmSync(aside, { force: true })
  }
}

/** What a lock file says; empty when it is gone. */
function textOf (lock: string): string {
  try {
    return readFileSync(lock, 'utf8')
  } catch {
    return ''
  }
}

/** The living process that the text of a lock file names, or undefined when there is none. */
function holderOf (text: string): number | undefined {
  const [id, start] = text.trim().split(' ')
  const processId = Number(id)
  if (!Number.isInteger(processId) || processId <= 0) return undefined
  // In a container the killed server often had our own process id.
  if (processId === process.pid && start === '-') return undefined
  try {
    process.kill(processId, 0)
  } catch (cause) {
    if (codeOf(cause) === 'ESRCH') return undefined
  }
  // Process ids are used again: the start time tells the holder from a later process.
  return start === '-' || startOf(processId) === start ? processId : undefined
}

/** When a process started, in the kernel's ticks; `-` where the system does not tell. */
function startOf (processId: number): string {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-'
  } catch {
    return '-'
  }
}

const codeOf = (error: unknown): string => error instanceof Error && 'code' in error ? String(error.code) : ''
const problemOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

/** Folder by folder: Node's recursive mkdir never returns where the file system answers ENOENT, as below /proc. */
function makeFolder (folder: string): void {
  if (existsSync(folder)) return
  makeFolder(path.dirname(folder))
  mkdirSync(folder, { mode: 0o750 })
}
