import { readFile, stat } from 'node:fs/promises'
import { PolicyUnreadable } from './authz-errors.js'

const LARGEST = 1024 * 1024

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
