import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/** More than any secret has. */
const MOST_BYTES = 64 * 1024

/** The text of a file, or why it can't be had. */
export type ValueFile = { readonly text: string } | { readonly file: string, readonly reason: string }

/** Reads a value that has a file of its own, as secrets do, without the newline at its end. Relative paths are taken from `folder`. */
export function readValueFile (folder: string, name: string): ValueFile {
  const file = path.resolve(folder, name)
  try {
    const found = statSync(file)
    if (!found.isFile()) return { file, reason: 'it is not a file' }
    if (found.size > MOST_BYTES) return { file, reason: `it has ${found.size} bytes` }
    return { text: readFileSync(file, 'utf8').replace(/\r?\n$/, '') }
  } catch (error) {
    return { file, reason: error instanceof Error && 'code' in error ? String(error.code) : String(error) }
  }
}
