import { type ImportStateRequest, STATE_LIMITS, StateImportInvalid, type StateEntry } from '../../../kernel/contract/index.js'

/** Entries of an import, whose values may come in several messages. Throws `STATE_IMPORT_INVALID`. */
export async function * joinedEntries (
  requests: AsyncIterable<ImportStateRequest>, onFirst: (first: ImportStateRequest) => void,
): AsyncIterable<StateEntry> {
  let isFirst = true
  let parts: Uint8Array[] = []
  let bytes = 0
  for await (const request of requests) {
    if (isFirst) onFirst(request)
    isFirst = false
    const { key, version, json, more } = request
    parts.push(json)
    bytes += json.byteLength
    if (bytes > STATE_LIMITS.valueBytes) throw StateImportInvalid({ key, reason: `has more than ${STATE_LIMITS.valueBytes} bytes` })
    if (more) continue
    yield { key, version: Number(version), json: textOf(key, parts) }
    parts = []
    bytes = 0
  }
}

function textOf (key: string, parts: readonly Uint8Array[]): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(parts))
    JSON.parse(text)
    return text
  } catch (error) {
    throw StateImportInvalid({ key, reason: 'has a value that is no JSON' }, { cause: error })
  }
}
