import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pause } from '../../contract/bounded-wait.js'
import type { Clock } from '../../contract/clock.js'
import { readOwnFile } from '../credentials/own-file.js'
import { readLogins, loginsText, type Logins } from './login.js'
import { LoginFileUnusable } from './login-errors.js'

/** How often to look whether another command has done with the file, and after how long one is taken for dead, in milliseconds. */
const LOOK_EVERY = 50
const LONGEST_CHANGE = 60_000

/** Where logins are kept: `caxton/logins.json` among the user's settings; undefined for a user without a home. */
export function loginPlace (environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const { XDG_CONFIG_HOME: settings = '', HOME: home = '' } = environment
  if (settings.startsWith('/')) return join(settings, 'caxton', 'logins.json')
  return home === '' ? undefined : join(home, '.config', 'caxton', 'logins.json')
}

/** The file that keeps the logins of one user, readable by nobody else. */
export class LoginFile {
  constructor (readonly path: string, private readonly clock: Clock) {}

  /** Empty when there is no file. Throws `LOGIN_FILE_UNUSABLE`, `COMMAND_FILE_EXPOSED`. */
  async read (): Promise<Logins> {
    if (await stat(this.path).catch(() => undefined) === undefined) return new Map()
    const logins = readLogins(await readOwnFile(this.path))
    if (logins === undefined) throw this.unusable('it holds something else')
    return logins
  }

  /**
   * Changes the file, one command at a time: what another has changed meanwhile is seen by `change`. Gives back what `change`
   * gives. The file appears whole or not at all. Throws as {@link read} does, and what `change` throws.
   */
  async change (change: (logins: Logins) => Promise<Logins>, signal: AbortSignal): Promise<Logins> {
    const lock = `${this.path}.lock`
    await this.lock(lock, signal)
    try {
      const before = await this.read()
      const after = await change(before)
      if (after !== before) await this.write(after)
      return after
    } finally {
      await rm(lock, { force: true })
    }
  }

  private async write (logins: Logins): Promise<void> {
    const fresh = `${this.path}.new`
    try {
      await rm(fresh, { force: true })
      await writeFile(fresh, loginsText(logins), { mode: 0o600, flag: 'wx', flush: true })
      await rename(fresh, this.path)
    } catch (error) {
      throw this.unusable(reasonOf(error), error)
    }
  }

  private async lock (lock: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await mkdir(dirname(lock), { recursive: true, mode: 0o700 })
        await (await open(lock, 'wx', 0o600)).close()
        return
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw this.unusable(reasonOf(error), error)
      }
      const since = await stat(lock).catch(() => undefined)
      if (since !== undefined && Date.now() - since.mtimeMs > LONGEST_CHANGE) await rm(lock, { force: true })
      else await pause(this.clock, LOOK_EVERY, signal)
    }
  }

  private unusable (reason: string, cause?: unknown): Error {
    return LoginFileUnusable({ file: this.path, reason }, { cause })
  }
}

const reasonOf = (error: unknown): string => error instanceof Error ? error.message : String(error)
