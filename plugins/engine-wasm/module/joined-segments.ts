import { ByteWriter } from './byte-writer.js'
import { placeOf } from './constant-expression.js'

/** Bytes that are put into memory when a module is instantiated, or later by code that names them. */
export interface DataSegment {
  /** The expression that says where to; empty when only code does (a passive segment). */
  readonly place: Uint8Array
  /** Its value, where that is known without running it. */
  readonly address: number | undefined
  readonly data: Uint8Array
}

/** Zeros that are written out rather than a new segment begun. A segment takes 12 bytes in every instance; these are in the module once. */
const BRIDGED = 256

/**
 * The same memory from fewer segments, when no code names any: neighbours become one, and passive ones are left out. Compilers leave zeros
 * out, so that a small module has 60 segments and more.
 */
export function joinSegments (segments: readonly DataSegment[]): DataSegment[] {
  const joined: DataSegment[] = []
  let run: Run | undefined
  let furthest = 0
  for (const segment of segments) {
    const { place, address, data } = segment
    if (place.length === 0) continue
    if (address === undefined || !run?.reaches(address, furthest)) {
      if (run) joined.push(run.segment())
      run = address === undefined ? undefined : new Run(address)
    }
    if (address === undefined) joined.push(segment)
    else run?.add(address, data)
    furthest = Math.max(furthest, (address ?? Infinity) + data.length)
  }
  if (run) joined.push(run.segment())
  return joined
}

/** Segments that follow each other closely. */
class Run {
  readonly #bytes = new ByteWriter(256)

  constructor (readonly address: number) {}

  get #end (): number {
    return this.address + this.#bytes.length
  }

  /** Whether what is put there can be part of this one: behind it, near, and with nothing between that was written before. */
  reaches (address: number, furthest: number): boolean {
    return this.#end === furthest && address >= furthest && address - furthest <= BRIDGED
  }

  add (address: number, data: Uint8Array): void {
    for (let position = this.#end; position < address; position++) this.#bytes.byte(0)
    this.#bytes.append(data)
  }

  segment (): DataSegment {
    return { place: placeOf(this.address), address: this.address, data: this.#bytes.view() }
  }
}
