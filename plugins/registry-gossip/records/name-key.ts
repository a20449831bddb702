import { addToHash, HASH_BASIS, spreadBits } from '../../../kernel/contract/index.js'

/** Most bytes of an agent's name. */
export const NAME_BYTES = 255

const FIRST_VISIBLE = 0x21
const LAST_VISIBLE = 0x7e

/** The name that is looked for, as bytes with their hash. One is used again and again: a look-up allocates nothing. */
export class NameKey {
  readonly bytes = new Uint8Array(NAME_BYTES)
  length = 0
  hash = 0

  /** False when no agent can be called so: names are 1 to 255 visible ASCII characters. */
  set (name: string): boolean {
    const length = name.length
    if (length === 0 || length > NAME_BYTES) return false
    let hash = HASH_BASIS
    for (let index = 0; index < length; index++) {
      const code = name.charCodeAt(index)
      if (code < FIRST_VISIBLE || code > LAST_VISIBLE) return false
      this.bytes[index] = code
      hash = addToHash(hash, code)
    }
    this.length = length
    this.hash = spreadBits(hash)
    return true
  }
}
