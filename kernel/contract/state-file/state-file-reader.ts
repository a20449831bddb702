import { createHash, type Hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { compareKeys } from '../seams/store-rules.js'
import type { StateEntry } from './state-entry.js'
import { StateFileInvalid } from './state-file-errors.js'
import { type FileLine, linesOf, readLine, type StateFileEnd, type StateFileHeader } from './state-file-line.js'

/** What stands in a file before and behind its entries. */
export interface StateFileFrame {
  readonly header: StateFileHeader
  readonly end: StateFileEnd
}

/** Reads a whole file once, and checks all of it. Throws `STATE_EXPORT_FILE_INVALID`. */
export async function checkStateFile (file: string): Promise<StateFileFrame> {
  let header: StateFileHeader | undefined
  const entries = entriesOf(file, each => { header = each })
  for (;;) {
    const { done, value } = await entries.next()
    if (done !== true) continue
    if (!header) throw StateFileInvalid({ file, line: 1, reason: 'there is no header' })
    return { header, end: value }
  }
}

/** The entries of a file in ascending order of keys, checked on the way; returns its last line. Throws `STATE_EXPORT_FILE_INVALID`. */
export async function * entriesOf (
  file: string, onHeader: (header: StateFileHeader) => void = () => {},
): AsyncGenerator<StateEntry, StateFileEnd, undefined> {
  const hash = createHash('sha256')
  let line = 0
  let bytes = 0
  let entries = 0
  let last: string | undefined
  let end: StateFileEnd | undefined
  const refuse = (reason: string): never => { throw StateFileInvalid({ file, line, reason }) }
  for await (const { text, bytes: length, isWhole } of lines(file)) {
    line++
    const read = isWhole && !end ? readLine(text) : end ? 'there is more behind the last line' : 'it is cut off'
    if (typeof read === 'string') return refuse(read)
    if (('header' in read) !== (line === 1)) {
      return refuse(line === 1 ? 'there is no header: it is no file of exported state' : 'it is a header again')
    }
    if ('header' in read) onHeader(read.header)
    if ('end' in read) {
      end = read.end
      if (end.entries !== entries || end.bytes !== bytes) refuse(`it counts ${end.entries} entries, and there are ${entries}`)
      if (end.sha256 !== hash.copy().digest('hex')) refuse('its checksum is not that of the lines before')
    }
    if ('entry' in read) {
      entries++
      if (last !== undefined && compareKeys(read.entry.key, last) <= 0) refuse('its key does not come behind the one before')
      last = read.entry.key
      yield read.entry
    }
    note(hash, text)
    bytes += length
  }
  return end ?? refuse(line === 0 ? 'it is empty' : 'the last line with the counts is missing: it was cut off')
}

/** How far the good lines of an unfinished file go; undefined where there is no file, or one of another prefix. */
export async function wholeLines (
  file: string, prefix: string, hash: Hash,
): Promise<{ readonly bytes: number, readonly entries: number, readonly last: string | undefined } | undefined> {
  if (!existsSync(file)) return undefined
  let bytes = 0
  let entries = 0
  let last: string | undefined
  for await (const line of linesOf(file)) {
    const read = line.isWhole ? readLine(line.text) : ''
    if (typeof read === 'string' || 'end' in read) break
    if ('header' in read && read.header.prefix !== prefix) return undefined
    if (('header' in read) !== (bytes === 0)) break
    if ('entry' in read) {
      entries++
      last = read.entry.key
    }
    note(hash, line.text)
    bytes += line.bytes
  }
  return bytes === 0 ? undefined : { bytes, entries, last }
}

const note = (hash: Hash, text: string): void => { hash.update(text).update('\n') }

async function * lines (file: string): AsyncIterable<FileLine> {
  try {
    yield * linesOf(file)
  } catch (error) {
    throw StateFileInvalid({ file, line: 0, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
}
