import { createReadStream } from 'node:fs'
import { stateDigest, type StateEntry } from './state-entry.js'

/** What the first line says. */
export interface StateFileHeader {
  /** When it was exported: `2030-01-31T12:00:00.000Z`. */
  readonly created: string
  /** What all its keys begin with; empty for everything. */
  readonly prefix: string
  /** The version of the newest change when the export began. */
  readonly newest: number
}

/** What the last line says of all lines before it. */
export interface StateFileEnd {
  readonly entries: number
  readonly bytes: number
  /** In hexadecimal. */
  readonly sha256: string
}

export type StateFileLine =
  | { readonly header: StateFileHeader }
  | { readonly entry: StateEntry }
  | { readonly end: StateFileEnd }

type Fields = Readonly<Record<string, unknown>>

/** One line of a file, checked; or, as text, what is wrong with it. */
export function readLine (text: string): StateFileLine | string {
  const fields = parsed(text)
  if (fields === undefined) return 'it is no JSON object'
  if (fields['format'] === 'caxton-state') return headerOf(fields)
  return fields['end'] === true ? endOf(fields) : entryOf(fields)
}

/** A line as it lies in the file. */
export interface FileLine {
  readonly text: string
  /** With the end of the line. */
  readonly bytes: number
  /** False for a last line that was cut off. */
  readonly isWhole: boolean
}

const NEWLINE = 0x0a
/** Longest line in bytes: no value is so long, however it is escaped. */
const LONGEST_LINE = 256 * 1024 * 1024

/**
 * The lines of a file. Not by `node:readline`, which from Node 24 on also ends a line at U+2028 and U+2029: JSON leaves those as they are.
 */
export async function * linesOf (file: string): AsyncIterable<FileLine> {
  let parts: Buffer[] = []
  let length = 0
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let from = 0
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      const text = Buffer.concat([...parts, chunk.subarray(from, to)]).toString()
      yield { text, bytes: length + to - from + 1, isWhole: true }
      parts = []
      length = 0
      from = to + 1
    }
    if (from < chunk.length) parts.push(chunk.subarray(from))
    length += chunk.length - from
    if (length > LONGEST_LINE) throw new Error('a line is too long')
  }
  if (length > 0) yield { text: Buffer.concat(parts).toString(), bytes: length + 1, isWhole: false }
}

function headerOf ({ version, created, prefix, newest }: Fields): StateFileLine | string {
  if (version !== 1) return `it has the layout ${String(version)}; this Caxton knows layout 1`
  if (typeof created !== 'string' || typeof prefix !== 'string' || !isCount(newest)) return 'the header lacks something'
  return { header: { created, prefix, newest } }
}

function entryOf ({ key, version, sha256, json }: Fields): StateFileLine | string {
  if (typeof key !== 'string' || !isCount(version) || typeof json !== 'string') return 'it is no entry'
  return stateDigest(json) === sha256 ? { entry: { key, version, json } } : `the value of "${key}" is not the one that was written`
}

function endOf ({ entries, bytes, sha256 }: Fields): StateFileLine | string {
  if (!isCount(entries) || !isCount(bytes) || typeof sha256 !== 'string') return 'the last line lacks something'
  return { end: { entries, bytes, sha256 } }
}

function parsed (text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
