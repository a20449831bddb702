import { readFile, stat } from 'node:fs/promises'
import type { Credentials } from '../../kernel/contract/index.js'
import { IdentityFileUnreadable } from './identity-errors.js'

/** Far more than any chain; keeps a wrong path from filling the memory. */
const MOST_BYTES = 1024 * 1024

/** Where the files are. */
export interface CredentialPaths {
  readonly key: string
  readonly chain: string
  readonly trust: string
  /** Of the revocation lists, if there are any. */
  readonly revoked?: string
}

/** Throws `IDENTITY_FILE_UNREADABLE`. */
export async function readCredentials (paths: CredentialPaths): Promise<Credentials> {
  const [key, chain, trust] = await Promise.all([readPem(paths.key), readPem(paths.chain), readPem(paths.trust)])
  return { key, chain, trust, ...paths.revoked === undefined ? {} : { revoked: await readPem(paths.revoked) } }
}

/** Whether others than the owner may read the file. */
export async function isOpenToOthers (path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && (found.mode & 0o077) !== 0
}

/** The text of one file. Throws `IDENTITY_FILE_UNREADABLE`. */
export async function readPem (file: string): Promise<string> {
  let reason: string
  try {
    const found = await stat(file)
    if (found.isFile() && found.size <= MOST_BYTES) return await readFile(file, 'utf8')
    reason = found.isFile() ? `it has ${found.size} bytes, of at most ${MOST_BYTES}` : 'it is not a file'
  } catch (error) {
    throw IdentityFileUnreadable({ file, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
  throw IdentityFileUnreadable({ file, reason })
}
