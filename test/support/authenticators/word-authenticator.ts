import type { Authenticator, Logger, Origin, Principal } from '../../../kernel/contract/index.js'
import type { AuthenticatorSubject } from '../../kits/authenticator.js'
import { RecordingLogger } from '../recording-logger.js'

const WORDS: ReadonlyMap<string, Principal> = new Map([
  ['word-of-ada-lovelace', { name: 'word:ada', method: 'words', roles: ['viewer'] }],
  ['word-of-grace-hopper', { name: 'word:grace', method: 'words', roles: [] }],
])
const SLOW = 'word-of-somebody-slow'

/** The least authenticator that keeps the seam's promises: it knows two words, and one for which it waits for ever. */
export class WordAuthenticator implements Authenticator {
  constructor (readonly log: Logger) {}

  async authenticate (origin: Origin, signal: AbortSignal): Promise<Principal | undefined> {
    const word = /^Word (.*)$/s.exec(origin.headers.get('authorization') ?? '')?.[1]
    if (word === undefined) return undefined
    if (word === SLOW) await new Promise((_resolve, reject) => { rejectAtAbort(signal, reject) })
    const known = WORDS.get(word)
    if (known !== undefined) return { ...known, roles: [...known.roles] }
    this.log.info('a word is not known')
    throw new Error('the word is not known')
  }
}

function rejectAtAbort (signal: AbortSignal, reject: (reason: unknown) => void): void {
  if (signal.aborted) reject(signal.reason)
  signal.addEventListener('abort', () => { reject(signal.reason) }, { once: true })
}

export const wordOrigin = (word: string): Origin =>
  ({ face: 'api', address: '192.0.2.1', headers: new Map([['authorization', `Word ${word}`]]) })

/** What the kit asks of an authenticator that knows these words. `made` may put another in place of the good one. */
export function wordSubject (made: (log: Logger) => Authenticator = log => new WordAuthenticator(log)): AuthenticatorSubject {
  const log = new RecordingLogger()
  return {
    authenticator: made(log),
    right: [...WORDS].map(([text, principal]) => ({ what: principal.name, text, principal })),
    wrong: ['word-of-a-stranger', 'guessed-at-random'].map(word => ({ what: word, origin: wordOrigin(word) })),
    foreign: [{ face: 'api', address: '192.0.2.1', headers: new Map([['authorization', 'Bearer word-of-ada-lovelace']]) }],
    secrets: [...WORDS.keys(), 'word-of-a-stranger', 'guessed-at-random'],
    showing: wordOrigin,
    log: () => JSON.stringify(log.lines),
    waiting: async () => wordOrigin(SLOW),
  }
}
