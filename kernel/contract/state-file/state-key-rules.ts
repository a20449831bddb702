import { StateKeyInvalid } from '../seams/state-errors.js'

/** Most bytes of a key as callers write it, in UTF-8. */
export const TOOL_KEY_BYTES = 512

/** Control, format, private and unassigned characters and line breaks: what makes two keys look alike, or one line of a log two. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u

/**
 * Throws `STATE_KEY_INVALID` for a key that is not made of plain names joined by single slashes. Keys are never decoded or resolved, so
 * nothing is a way out of a space; what looks like one (`..`, `\`, an empty name) is refused all the same, for those who read keys as
 * paths.
 */
export function checkToolKey (key: string): void {
  if (key === '') throw StateKeyInvalid({ reason: 'is empty' })
  checkText(key)
  if (key.split('/').some(isTrick)) throw StateKeyInvalid({ reason: `"${key}" has an empty name, "." or ".." between its slashes` })
}

/** As {@link checkToolKey}; but a prefix may be empty, and end with a slash. */
export function checkToolPrefix (prefix: string): void {
  checkText(prefix)
  const names = prefix.split('/')
  const last = names.pop() ?? ''
  if (names.some(isTrick) || (last !== '' && isTrick(last))) {
    throw StateKeyInvalid({ reason: `that begins with "${prefix}" would have an empty name, "." or ".." between its slashes` })
  }
}

function checkText (key: string): void {
  const bytes = Buffer.byteLength(key)
  if (bytes > TOOL_KEY_BYTES) throw StateKeyInvalid({ reason: `has ${bytes} bytes, of at most ${TOOL_KEY_BYTES}` })
  if (UNPRINTABLE.test(key)) throw StateKeyInvalid({ reason: 'holds a control character or another that is not shown' })
  if (key.includes('\\')) throw StateKeyInvalid({ reason: `"${key}" holds a backslash` })
  if (key !== key.normalize('NFC')) throw StateKeyInvalid({ reason: `"${key}" is not in Unicode normal form C` })
}

const isTrick = (name: string): boolean => name === '' || name === '.' || name === '..'
