/** Most bytes of an agent's name. */
export const NAME_BYTES = 255

const FNV_PRIME = 16_777_619
const FNV_BASIS = 2_166_136_261
const FIRST_VISIBLE = 0x21
const LAST_VISIBLE = 0x7e

/** Spreads what FNV leaves in the low bits over all 32 (the last step of MurmurHash3). */
export function spread (word: number): number {
  let mixed = Math.imul(word ^ word >>> 16, 0x85ebca6b)
  mixed = Math.imul(mixed ^ mixed >>> 13, 0xc2b2ae35)
  return (mixed ^ mixed >>> 16) >>> 0
}

/** 32 bits that stand for a text: FNV-1a over its UTF-16 units, spread. Every node of a cluster gets the same. */
export function textHash (text: string, basis = FNV_BASIS): number {
  let hash = basis
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME)
  return spread(hash)
}

/** The name that is looked for, as bytes with their hash. One is used again and again: a look-up allocates nothing. */
export class NameKey {
  readonly bytes = new Uint8Array(NAME_BYTES)
  length = 0
  hash = 0

  /** False when no agent can be called so: names are 1 to 255 visible ASCII characters. */
  set (name: string): boolean {
    const length = name.length
    if (length === 0 || length > NAME_BYTES) return false
    let hash = FNV_BASIS
    for (let index = 0; index < length; index++) {
      const code = name.charCodeAt(index)
      if (code < FIRST_VISIBLE || code > LAST_VISIBLE) return false
      this.bytes[index] = code
      hash = Math.imul(hash ^ code, FNV_PRIME)
    }
    this.length = length
    this.hash = spread(hash)
    return true
  }
}
