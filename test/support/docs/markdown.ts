import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url))

/** A fenced block: its language, the file name that may follow it, and its text. */
export interface Block {
  readonly language: string
  readonly file: string
  readonly text: string
}

/** Every Markdown file of the project, by its path in the repository. */
export function markdownFiles (): string[] {
  const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md']
  return execFileSync('git', words, { cwd: REPOSITORY, encoding: 'utf8' }).split('\0').filter(file => file !== '')
}

export const textOf = (file: string): string => readFileSync(path.join(REPOSITORY, file), 'utf8')

/** The fenced blocks of a document, in order. */
export function blocksOf (text: string): Block[] {
  return [...text.matchAll(/^```(\S*)[ ]*(\S*)[^\n]*\n(.*?)^```/gms)]
    .map(([, language = '', file = '', body = '']) => ({ language, file, text: body }))
}

/** The lines that a reader would type: of blocks that are indented by four spaces, and of fenced `sh` blocks. */
export function typedLines (text: string): string[] {
  const withoutFences = text.replace(/^```(?!sh\b).*?^```/gms, '')
  return withoutFences.split('\n').flatMap(line => /^(?: {4}|\$ )(\S.*)$/.exec(line)?.[1] ?? [])
}
