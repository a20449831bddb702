import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import process from 'node:process'
import { CommandValueInvalid } from '../command-errors.js'
import { fileUnreadable } from '../line/file-words.js'
import { textOfBytes } from './answer-data.js'

/** No server takes larger messages, so no more is read. */
const LARGEST = 1024 * 1024

/** Reads what an option (`what`) says: a text, `@FILE`, `-` for standard input, or `@@` before a text that begins with `@`. */
export async function readContent (
  word: string, workingFolder: string, standardInput: AsyncIterable<Uint8Array | string> = process.stdin, what = '`--content`',
): Promise<Uint8Array> {
  if (word === '-') return await readAll(standardInput, 'standard input', what)
  if (word.startsWith('@@')) return new TextEncoder().encode(word.slice(1))
  if (!word.startsWith('@')) return new TextEncoder().encode(word)
  const file = resolve(workingFolder, word.slice(1))
  try {
    return await readAll(createReadStream(file), file, what)
  } catch (error) {
    throw CommandValueInvalid.is(error) ? error : fileUnreadable(file, error)
  }
}

async function readAll (source: AsyncIterable<Uint8Array | string>, name: string, what: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of source) {
    const bytes = typeof part === 'string' ? new TextEncoder().encode(part) : part
    size += bytes.length
    if (size > LARGEST) {
      throw CommandValueInvalid({ what, value: name, expected: 'a message holds at most 1 MiB' })
    }
    parts.push(bytes)
  }
  return Buffer.concat(parts)
}

/** The media type that content has by its looks: JSON, text, or bytes. */
export function mediaTypeOf (content: Uint8Array): string {
  const text = textOfBytes(content)
  if (text === undefined) return 'application/octet-stream'
  try {
    JSON.parse(text)
    return 'application/json'
  } catch {
    return 'text/plain; charset=utf-8'
  }
}
