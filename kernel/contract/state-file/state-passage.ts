import type { CommandContext, Connector } from '../command.js'
import { State, type DigestStateResponse } from '../proto/caxton/v1/state_pb.js'
import { compareKeys } from '../seams/store-rules.js'
import { stateDigest, type StateEntry } from './state-entry.js'
import { checkStateFile, entriesOf } from './state-file-reader.js'

/** Most bytes of a value in one message: servers take messages of 4 MiB. */
const PART_BYTES = 1024 * 1024
/** What one call imports: the answer to it says that so much is kept. */
const CALL_ENTRIES = 1000
const CALL_BYTES = 8 * 1024 * 1024

/** What an import did with its entries. */
export interface Imported {
  readonly stored: number
  readonly same: number
  readonly kept: number
  /** The last key that is in. */
  readonly last: string | undefined
}

export interface ImportTerms {
  /** What becomes of keys that have another value. */
  readonly existing: '' | 'keep' | 'overwrite'
  /** Only entries behind this key. */
  readonly after: string | undefined
}

/** Sends the entries of a file to a server, in calls that each are wholly answered. An error leaves in `onCall`'s hands how far it came. */
export async function importStateFile (
  context: CommandContext, file: string, terms: ImportTerms, onCall: (soFar: Imported) => void,
): Promise<Imported> {
  const { header, end } = await checkStateFile(file)
  const connector = await context.connect()
  return await context.terminal.progress('Importing', async advance => {
    let done: Imported = { stored: 0, same: 0, kept: 0, last: undefined }
    let seen = 0
    for await (const entries of callsOf(entriesOf(file), terms.after, skipped => { seen += skipped })) {
      context.signal.throwIfAborted()
      const answer = await connector.clientStream(State.method.import, messagesOf(entries, header.newest, terms), context.signal)
      done = {
        stored: done.stored + Number(answer.stored), same: done.same + Number(answer.same), kept: done.kept + Number(answer.kept),
        last: entries.at(-1)?.key,
      }
      onCall(done)
      seen += entries.length
      advance(seen, end.entries)
    }
    return done
  })
}

/** How the state of a server differs from a list of entries. */
export interface StateDifference {
  readonly same: number
  readonly missing: number
  readonly different: number
  /** What the server has besides. */
  readonly more: number
  /** Some of the keys that are missing or different. */
  readonly examples: readonly string[]
}

const MOST_EXAMPLES = 10

/** Compares entries, in ascending order of keys, with what a server has below a prefix, without moving values. */
export async function compareState (
  connector: Connector, entries: AsyncIterable<StateEntry>, prefix: string, signal: AbortSignal, advance: (done: number) => void = () => {},
): Promise<StateDifference> {
  const found = { same: 0, missing: 0, different: 0, more: 0 }
  const examples: string[] = []
  const digests = connector.serverStream(State.method.digest, { prefix }, signal)[Symbol.asyncIterator]()
  const next = async (): Promise<DigestStateResponse | undefined> => {
    const result = await digests.next()
    return result.done === true ? undefined : result.value
  }
  // The first answer has only the counts.
  await next()
  let theirs = await next()
  for await (const { key, json } of entries) {
    while (theirs && compareKeys(theirs.key, key) < 0) {
      found.more++
      theirs = await next()
    }
    const result = theirs?.key !== key ? 'missing' : stateDigest(json) === Buffer.from(theirs.sha256).toString('hex') ? 'same' : 'different'
    found[result]++
    if (result !== 'same' && examples.length < MOST_EXAMPLES) examples.push(key)
    if (theirs?.key === key) theirs = await next()
    advance(found.same + found.missing + found.different)
  }
  for (; theirs; theirs = await next()) found.more++
  return { ...found, examples }
}

/** Entries in portions, one for each call. */
async function * callsOf (
  entries: AsyncIterable<StateEntry>, after: string | undefined, onSkip: (count: number) => void,
): AsyncIterable<readonly StateEntry[]> {
  let call: StateEntry[] = []
  let bytes = 0
  for await (const entry of entries) {
    if (after !== undefined && compareKeys(entry.key, after) <= 0) {
      onSkip(1)
      continue
    }
    call.push(entry)
    bytes += entry.json.length
    if (call.length < CALL_ENTRIES && bytes < CALL_BYTES) continue
    yield call
    call = []
    bytes = 0
  }
  if (call.length > 0) yield call
}

async function * messagesOf (entries: readonly StateEntry[], above: number, { existing }: ImportTerms) {
  let isFirst = true
  for (const { key, version, json } of entries) {
    for (const { part, more } of partsOf(json)) {
      yield { key, version: BigInt(version), json: part, more, ...isFirst ? { existing, above: BigInt(above) } : {} }
      isFirst = false
    }
  }
}

/** A value's JSON in parts that fit a message; one at least. */
export function * partsOf (json: string): Iterable<{ readonly part: Uint8Array, readonly more: boolean }> {
  const bytes = Buffer.from(json)
  for (let at = 0; at === 0 || at < bytes.byteLength; at += PART_BYTES) {
    yield { part: bytes.subarray(at, at + PART_BYTES), more: at + PART_BYTES < bytes.byteLength }
  }
}
