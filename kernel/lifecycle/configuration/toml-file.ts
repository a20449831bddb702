import { readFile, stat } from 'node:fs/promises'
import { parse, TomlError } from 'smol-toml'
import { ConfigFileNotFound, ConfigFileUnreadable, ConfigSyntax } from './configuration-errors.js'
import { problemOf, type Problem } from './problem.js'
import { tableOf, type Table } from './table.js'

const LARGEST_FILE = 1024 * 1024

/** Reads a TOML file. Whatever is wrong with it goes into `problems`; the table then lacks it, or is empty. */
export async function readTomlFile (file: string, problems: Problem[]): Promise<Table> {
  const bytes = await bytesOf(file, problems)
  return bytes === undefined ? new Map() : parseToml(bytes, file, problems)
}

async function bytesOf (file: string, problems: Problem[]): Promise<Uint8Array | undefined> {
  try {
    const { size } = await stat(file)
    if (size > LARGEST_FILE) throw new Error(`it has ${size} bytes, more than ${LARGEST_FILE}`)
    return await readFile(file)
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    const error = missing ? ConfigFileNotFound({ file }) : ConfigFileUnreadable({ file }, { cause })
    problems.push(problemOf(error, { phase: 'read' }))
    return undefined
  }
}

/** Parses the bytes of a TOML file; `file` is for messages. Never throws. */
export function parseToml (bytes: Uint8Array, file: string, problems: Problem[]): Table {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    problems.push(syntaxProblem(file, lineOfBadByte(bytes), 1, 'the file is not UTF-8 from here on', undefined))
    return new Map()
  }
  try {
    return tableOf(parse(text), '', problems)
  } catch (error) {
    problems.push(error instanceof TomlError
      ? syntaxProblem(file, error.line, error.column, complaintOf(error), error.codeblock)
      : syntaxProblem(file, 1, 1, error instanceof Error ? error.message : String(error), undefined))
    return new Map()
  }
}

function syntaxProblem (
  file: string, line: number, column: number, complaint: string, excerpt: string | undefined,
): Problem {
  return problemOf(ConfigSyntax({ file, line, column, complaint }), { phase: 'read', excerpt: excerpt?.trimEnd() })
}

function complaintOf (error: TomlError): string {
  return (error.message.split('\n')[0] ?? error.message).replace(/^Invalid TOML document: /, '')
}

/** Bytes of a line feed never occur inside a longer UTF-8 sequence, so lines can be tried one by one. */
function lineOfBadByte (bytes: Uint8Array): number {
  let line = 1
  let from = 0
  while (from < bytes.length) {
    const feed = bytes.indexOf(10, from)
    const to = feed === -1 ? bytes.length : feed
    if (!isUtf8(bytes.subarray(from, to))) return line
    from = to + 1
    line++
  }
  return line
}

function isUtf8 (bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
