import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ApiKeyFileUnusable } from '../api-key-errors.js'

/** Far more than such a file needs. */
const MOST_BYTES = 64 * 1024

/** The text of a file with a secret; undefined if there is none. Throws `API_KEY_FILE_UNUSABLE`, also when others may read it. */
export async function readOwn (file: string): Promise<string | undefined> {
  try {
    const found = await stat(file)
    if (!found.isFile()) throw new Error('it is not a file')
    if (found.size > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`)
    if ((found.mode & 0o077) !== 0) throw new Error(`others than its owner may use it (its mode is ${(found.mode & 0o777).toString(8)})`)
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw unusable(file, error)
  }
}

/** Writes a file that only its owner may read; it appears whole or not at all. Throws `API_KEY_FILE_UNUSABLE`. */
export async function writeOwn (file: string, text: string): Promise<void> {
  const fresh = `${file}.${randomUUID()}`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(fresh, text, { mode: 0o600, flag: 'wx', flush: true })
    await rename(fresh, file)
  } catch (error) {
    await rm(fresh, { force: true }).catch(() => {})
    throw unusable(file, error)
  }
}

const unusable = (file: string, error: unknown): Error =>
  ApiKeyFileUnusable({ file, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
