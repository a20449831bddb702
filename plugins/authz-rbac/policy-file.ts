import { readFile, stat } from 'node:fs/promises'
import { PolicyUnreadable } from './authz-errors.js'

const LARGEST = 1024 * 1024

/** What changes whenever the file is replaced or written. A file that can't be looked at counts as a state of its own. */
export async function stateOf (file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch(() => undefined)
  return found === undefined ? 'none' : `${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}`
}

/** The text of the policy. Throws `AUTHZ_POLICY_UNREADABLE`. */
export async function readPolicyText (file: string): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size > LARGEST) throw new Error(`it has ${size} bytes, of at most ${LARGEST}`)
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (error) {
    throw PolicyUnreadable({ file, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
}
