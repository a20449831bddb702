/** A row of the store: JSON. */
export const encodeRow = (row: object): Uint8Array => Buffer.from(JSON.stringify(row))

/** Undefined for bytes that are no row. */
export function decodeRow (bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const row: unknown = JSON.parse(Buffer.from(bytes).toString())
    return typeof row === 'object' && row !== null ? row as Readonly<Record<string, unknown>> : undefined
  } catch {
    return undefined
  }
}
