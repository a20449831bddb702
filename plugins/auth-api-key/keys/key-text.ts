import { API_KEY_PREFIX, type Random } from '../../../kernel/contract/index.js'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const ID_BYTES = 10
const SECRET_BYTES = 35
const KEY = /^cax_([a-z2-7]{16})_([a-z2-7]{56})$/

/** A new key: `cax_ID_SECRET`, with 80 bits of id and 280 of secret. */
export function newKeyText (id: string, random: Random): string {
  return `${API_KEY_PREFIX}${id}_${base32(random.bytes(SECRET_BYTES))}`
}

export const newKeyId = (random: Random): string => base32(random.bytes(ID_BYTES))

/** The id of a key; undefined for a text that is none. */
export const keyIdOf = (text: string): string | undefined => KEY.exec(text)?.[1]

/** RFC 4648 §6 in lower case; the bytes fill whole groups of five. */
function base32 (bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET[(held >> bits) & 31] ?? ''
    }
    held &= (1 << bits) - 1
  }
  return text
}
