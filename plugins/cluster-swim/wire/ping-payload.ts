import { LIMITS } from './limits.js'
import { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import { malformed, OutOfBytes, Refused } from './refusal.js'
import type { Coordinate, PingPayload } from './serf-messages.js'

const VERSION = 1
const DIMENSIONS = 8

/** Where a node begins that has measured nothing yet. */
export const ORIGIN: Coordinate = { adjustment: 0, error: 1.5, height: 1e-5, vector: new Array<number>(DIMENSIONS).fill(0) }

/** `RangeError` for more than 256 private bytes. */
export function encodePingPayload ({ coordinate, extension }: PingPayload): Uint8Array {
  if (extension.length > LIMITS.extension) throw new RangeError(`${extension.length} private bytes where ${LIMITS.extension} are the most`)
  const { adjustment, error, height, vector } = coordinate
  const out = new MsgpackWriter(160 + extension.length).byte(VERSION).map(4)
  out.text('Adjustment').float(adjustment).text('Error').float(error).text('Height').float(height).text('Vec').array(vector.length)
  for (const part of vector) out.float(part)
  // Serf reads one value and passes over what follows.
  return out.append(extension).finish()
}

/** Undefined where there is none, or none that can be read. */
export function decodePingPayload (payload: Uint8Array): PingPayload | undefined {
  try {
    return payload[0] === VERSION ? read(new MsgpackReader(payload, 1)) : undefined
  } catch (thrown) {
    if (thrown instanceof Refused || thrown instanceof OutOfBytes) return undefined
    throw thrown
  }
}

function read (reader: MsgpackReader): PingPayload {
  let adjustment = 0
  let error = 0
  let height = 0
  let vector: number[] = []
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'Adjustment': adjustment = finite(reader); break
      case 'Error': error = finite(reader); break
      case 'Height': height = finite(reader); break
      case 'Vec': vector = readVector(reader); break
      default: reader.skip()
    }
  }
  const extension = reader.rest()
  if (vector.length !== DIMENSIONS) throw malformed(`a coordinate has ${DIMENSIONS} dimensions`)
  if (extension.length > LIMITS.extension) throw malformed('too many private bytes')
  return { coordinate: { adjustment, error, height, vector }, extension }
}

function readVector (reader: MsgpackReader): number[] {
  const vector: number[] = []
  for (let left = reader.array(); left > 0; left--) {
    if (vector.length === DIMENSIONS) throw malformed(`a coordinate has ${DIMENSIONS} dimensions`)
    vector.push(finite(reader))
  }
  return vector
}

function finite (reader: MsgpackReader): number {
  const value = reader.float()
  if (!Number.isFinite(value)) throw malformed('a coordinate is not finite')
  return value
}
