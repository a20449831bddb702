/** A block of records in the store. */
export interface Block {
  readonly key: string
  readonly bytes: number
  /** When the first and the last of its records came, in milliseconds since the Unix epoch. */
  readonly from: number
  readonly to: number
}

/** Digits of a key, so that keys are ordered as their numbers. */
const DIGITS = 16

export const keyOf = (number: number): string => String(number).padStart(DIGITS, '0')

/** A block as it stands in the index; undefined when that can't be read. */
export function blockOf (key: string, value: Uint8Array): Block | undefined {
  const [bytes, from, to] = numbersIn(Buffer.from(value).toString('utf8'))
  if (!/^\d{16}$/.test(key) || bytes === undefined || from === undefined || to === undefined) return undefined
  return { key, bytes, from, to }
}

function numbersIn (text: string): readonly number[] {
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) ? parsed.filter(each => typeof each === 'number') : []
  } catch {
    return []
  }
}

/** Which blocks there are, oldest first. */
export class BlockIndex {
  private blocks: Block[] = []
  private bytes = 0
  private latest = 0

  /** The number of the next block. */
  next (): number {
    this.latest += 1
    return this.latest
  }

  add (block: Block): void {
    this.blocks.push(block)
    this.bytes += block.bytes
    this.latest = Math.max(this.latest, Number(block.key))
  }

  /** Forgets the oldest until no more than `bytes` are left, and those of which nothing came after `oldest`. Gives what it forgot. */
  remove (bytes: number, oldest: number): readonly Block[] {
    let count = 0
    for (const block of this.blocks) {
      if (this.bytes <= bytes && block.to >= oldest) break
      this.bytes -= block.bytes
      count += 1
    }
    return this.blocks.splice(0, count)
  }

  /** Those that may hold records since a moment. */
  since (from: number): readonly Block[] {
    return this.blocks.filter(({ to }) => to >= from)
  }
}
