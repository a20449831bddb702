import { createHash } from 'node:crypto'
import { canonicalJson } from './canonical-json.js'

/** A tool as its server defines it. */
export interface ToolDefinition {
  /** Its name within the server. */
  readonly name: string
  readonly title: string
  readonly description: string
  /** JSON Schemas. The second one may be missing. */
  readonly input: unknown
  readonly output: unknown
  /** What the server says of it besides, such as that it only reads. Nobody checks that. */
  readonly hints: unknown
}

/** MCP 2026-07-28, tool names: 1 to 128 characters. */
const NAME = /^[A-Za-z0-9_.\-/]{1,128}$/
const MOST_BYTES = 64 * 1024
const DEEPEST = 64
/** Most tools of one server. */
export const MOST_TOOLS = 1_000

/** Reads a server's list: what can be used of it, and what is wrong with the rest. Of several of one name none is used. */
export function readDefinitions (list: readonly unknown[]): { readonly tools: ToolDefinition[], readonly problems: string[] } {
  const problems: string[] = []
  const named = new Map<string, ToolDefinition | undefined>()
  for (const item of list.slice(0, MOST_TOOLS)) {
    const read = readDefinition(item)
    if (typeof read === 'string') problems.push(read)
    else if (named.has(read.name)) {
      problems.push(`it has several tools "${read.name}", none of which can be called`)
      named.set(read.name, undefined)
    } else named.set(read.name, read)
  }
  if (list.length > MOST_TOOLS) problems.push(`it has ${list.length} tools, of which the first ${MOST_TOOLS} are looked at`)
  return { tools: [...named.values()].filter(tool => tool !== undefined), problems }
}

/** 64 hexadecimal digits that any change of the definition changes. */
export const hashOf = ({ name, title, description, input, output, hints }: ToolDefinition): string =>
  createHash('sha256').update(canonicalJson({ name, title, description, input, output, hints })).digest('hex')

function readDefinition (item: unknown): ToolDefinition | string {
  if (typeof item !== 'object' || item === null) return 'it lists something that is no tool'
  const { name, title, description, inputSchema, outputSchema, annotations } = item as Readonly<Record<string, unknown>>
  if (typeof name !== 'string' || !NAME.test(name)) {
    return `it has a tool with the name ${JSON.stringify(String(name).slice(0, 64))}, which no tool can have`
  }
  if (isDeeper(item, DEEPEST)) return `its tool "${name}" is described in objects nested more than ${DEEPEST} deep`
  const bytes = Buffer.byteLength(JSON.stringify(item))
  if (bytes > MOST_BYTES) return `its tool "${name}" is described in ${bytes} bytes, of at most ${MOST_BYTES}`
  return {
    name, title: textOf(title), description: textOf(description),
    input: inputSchema ?? {}, output: outputSchema, hints: annotations,
  }
}

function isDeeper (value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some(member => isDeeper(member, depth - 1))
}

const textOf = (value: unknown): string => typeof value === 'string' ? value : ''
