import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { messageOf } from '../shards/agent-turns.js'
import { TrustedKeyInvalid } from './agent-errors.js'
import { fingerprint, isSigningKey } from './module-signature.js'

/** Somebody whose modules are trusted. */
export interface Signer {
  readonly name: string
  readonly key: KeyObject
}

/** The keys of those whose modules the operator trusts, by fingerprint. Read once, at start. */
export class TrustedKeys {
  readonly #signers = new Map<string, Signer>()

  constructor (private readonly files: readonly string[]) {}

  /** Throws `TRUSTED_KEY_INVALID`. */
  async open (): Promise<void> {
    for (const file of this.files) {
      const text = await readFile(file, 'utf8').catch((cause: unknown) => {
        throw TrustedKeyInvalid({ file, problem: messageOf(cause) }, { cause })
      })
      const key = keyIn(text, file)
      this.#signers.set(fingerprint(key), { name: basename(file, extname(file)), key })
    }
  }

  names (): string[] {
    return [...this.#signers.values()].map(({ name }) => name)
  }

  find (key: string): Signer | undefined {
    return this.#signers.get(key)
  }
}

function keyIn (text: string, file: string): KeyObject {
  // A private key would be taken for its public half, and lie about where everybody may read.
  if (!text.includes('-----BEGIN PUBLIC KEY-----')) throw TrustedKeyInvalid({ file, problem: 'there is no public key in it' })
  try {
    const key = createPublicKey(text)
    if (isSigningKey(key)) return key
  } catch (cause) {
    throw TrustedKeyInvalid({ file, problem: messageOf(cause) }, { cause })
  }
  throw TrustedKeyInvalid({ file, problem: 'its key is none for Ed25519' })
}
