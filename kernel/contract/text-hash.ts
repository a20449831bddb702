const FNV_PRIME = 16_777_619
const FNV_BASIS = 2_166_136_261

/** Spreads what a simple hash leaves in the low bits over all 32 (the last step of MurmurHash3). */
export function spreadBits (word: number): number {
  let mixed = Math.imul(word ^ word >>> 16, 0x85ebca6b)
  mixed = Math.imul(mixed ^ mixed >>> 13, 0xc2b2ae35)
  return (mixed ^ mixed >>> 16) >>> 0
}

/** One step of FNV-1a. */
export const addToHash = (hash: number, value: number): number => Math.imul(hash ^ value, FNV_PRIME)

/** Where a hash begins. */
export const HASH_BASIS = FNV_BASIS

/** 32 bits that stand for a text, the same on every node: FNV-1a over its UTF-16 units, spread. Not for secrets, nor against ill will. */
export function textHash (text: string, basis = HASH_BASIS): number {
  let hash = basis
  for (let index = 0; index < text.length; index++) hash = addToHash(hash, text.charCodeAt(index))
  return spreadBits(hash)
}
