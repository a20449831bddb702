import { readFile } from 'node:fs/promises'
import type { Clock } from '../../contract/clock.js'
import type { Web } from '../../contract/credentials/web.js'
import { fileUnreadable } from '../line/file-words.js'

const LONGEST = 10_000
const LARGEST_ANSWER = 256 * 1024

/** How commands ask an identity provider. `trust`: file with its certificates. Throws `COMMAND_FILE_UNREADABLE`. */
export async function loginWeb (trust: string | undefined, clock: Clock): Promise<Web> {
  // Loaded here: most commands renew no login.
  const { HttpsWeb } = await import('../../contract/credentials/https-web.js')
  const certificates = trust === undefined
    ? undefined
    : await readFile(trust, 'utf8').catch((error: unknown) => { throw fileUnreadable(trust, error) })
  return new HttpsWeb({ timeout: LONGEST, largest: LARGEST_ANSWER, trust: certificates }, clock)
}
