import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url))

/** A fenced block: its language, the file name that may follow it, and its text. */
export interface Block {
  readonly language: string
  readonly file: string
  readonly text: string
}

/** Folders that hold nothing written for this project. */
const FOREIGN: ReadonlySet<string> = new Set(['node_modules', 'dist', 'build', 'coverage'])

/** Every Markdown file of the project, by its path in the repository; also where the tree is a copy without its history. */
export function markdownFiles (folder = ''): string[] {
  return readdirSync(path.join(REPOSITORY, folder), { withFileTypes: true }).flatMap(entry => {
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) return FOREIGN.has(entry.name) || entry.name.startsWith('.') ? [] : markdownFiles(file)
    return entry.isFile() && entry.name.endsWith('.md') ? [file] : []
  })
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
