/** `audit-00000001.jsonl` */
export const segmentName = (segment: number): string => `audit-${String(segment).padStart(8, '0')}.jsonl`

/** The number in the name of a segment; undefined for any other name. */
export function segmentNumber (name: string): number | undefined {
  const digits = /^audit-(\d{8,15})\.jsonl$/.exec(name)?.[1]
  const number = Number(digits)
  return digits !== undefined && segmentName(number) === name ? number : undefined
}

export const HEAD_NAME = 'head.json'
export const KEYS_FOLDER = 'keys'
export const HASH_KEY_NAME = 'hash.key'
export const SIGNING_KEY_NAME = 'signing.key'
