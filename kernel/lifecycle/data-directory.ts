import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DataDirectoryInUse, DataDirectoryUnusable } from './server-errors.js'

const LOCK = 'caxton.pid'

/**
 * The folder that holds everything this node keeps, for one process at a time: the process id stands in a file that is made as one
 * whole and only if it is not there. A file that a killed process left behind is recognised and replaced.
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

  release (): void {
    if (this.#held) rmSync(path.join(this.folder, LOCK), { force: true })
    this.#held = false
  }

  #take (mine: string): void {
    const lock = path.join(this.folder, LOCK)
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        linkSync(mine, lock)
        this.#held = true
        return
      } catch (cause) {
        if (codeOf(cause) !== 'EEXIST') throw DataDirectoryUnusable({ folder: this.folder, problem: problemOf(cause) }, { cause })
        const holder = holderOf(lock)
        if (holder !== undefined) throw DataDirectoryInUse({ folder: this.folder, processId: holder })
        rmSync(lock, { force: true })
      }
    }
    throw DataDirectoryInUse({ folder: this.folder, processId: holderOf(lock) ?? 0 })
  }
}

/** Folder by folder: Node's recursive mkdir never returns where the file system answers ENOENT, as below /proc. */
function makeFolder (folder: string): void {
  if (existsSync(folder)) return
  makeFolder(path.dirname(folder))
  mkdirSync(folder, { mode: 0o750 })
}

/** The living process that a lock file names, or undefined when there is none. */
function holderOf (lock: string): number | undefined {
  let text: string
  try {
    text = readFileSync(lock, 'utf8')
  } catch {
    return undefined
  }
  const [id, start] = text.trim().split(' ')
  const processId = Number(id)
  if (!Number.isInteger(processId) || processId <= 0 || processId === process.pid) return undefined
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
