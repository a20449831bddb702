import { CommandFileUnreadable } from '../command-errors.js'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
}

/** The declared error for a file of the command line that could not be read. */
export function fileUnreadable (file: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error))
  return CommandFileUnreadable({ file, reason }, { cause: error })
}
