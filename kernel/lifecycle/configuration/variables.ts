import { ConfigValueFileUnreadable, ConfigVariableMalformed, ConfigVariableMissing } from './configuration-errors.js'
import { problemOf, type Problem } from './problem.js'
import { isList, isTable, pathTo, Text, type Table, type Value } from './table.js'
import type { ValueFile } from './value-file.js'

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * `$${` stands for a literal `${`, `${file:PATH}` for what a file holds; otherwise `${NAME}` or `${NAME:-default}`, where the default has
 * no brace.
 */
const VARIABLE = /\$\$\{|\$\{file:([^{}]+)\}|\$\{([A-Za-z_]\w*)(?::-([^{}]*))?\}|\$\{[^}]{0,40}\}?/g

/**
 * Fills in `${NAME}` and `${NAME:-default}` in every text of a table, as a shell does: the default also takes the place
 * of an empty variable. `${file:PATH}` is what `read` gives for a path. What can't be had is a problem with the path of its key.
 */
export function substituteVariables (
  table: Table, environment: Environment, read: (file: string) => ValueFile, problems: Problem[],
): Table {
  return tableWith(table, '', (text, path) => filled(text, path, { environment, read, problems }))
}

type Fill = (text: string, path: string) => Value

function tableWith (table: Table, path: string, fill: Fill): Table {
  return new Map(Array.from(table, ([key, value]) => [key, valueWith(value, pathTo(path, key), fill)]))
}

function valueWith (value: Value, path: string, fill: Fill): Value {
  if (typeof value === 'string') return fill(value, path)
  if (isTable(value)) return tableWith(value, path, fill)
  return isList(value) ? value.map((item, index) => valueWith(item, `${path}[${index}]`, fill)) : value
}

interface Sources {
  readonly environment: Environment
  readonly read: (file: string) => ValueFile
  readonly problems: Problem[]
}

function filled (text: string, path: string, { environment, read, problems }: Sources): Value {
  if (!text.includes('${')) return text
  const used: string[] = []
  const before = problems.length
  let isHidden = false
  const result = text.replaceAll(VARIABLE, (match: string, file?: string, name?: string, fallback?: string) => {
    if (match === '$${') return '${'
    if (file !== undefined) {
      used.push(`file:${file}`)
      isHidden = true
      const held = read(file)
      if ('text' in held) return held.text
      problems.push(problemOf(ConfigValueFileUnreadable({ path, ...held }), { phase: 'read', path }))
      return ''
    }
    if (name === undefined) {
      problems.push(problemOf(ConfigVariableMalformed({ path, near: match }), { phase: 'read', path }))
      return ''
    }
    used.push(name)
    const given = Object.hasOwn(environment, name) ? environment[name] : undefined
    if (given !== undefined && (given !== '' || fallback === undefined)) return given
    if (fallback !== undefined) return fallback
    problems.push(problemOf(ConfigVariableMissing({ path, variable: name }), { phase: 'read', path }))
    return ''
  })
  const broken = problems.length > before
  return used.length === 0 && !broken ? result : new Text(result, used.map(name => `\${${name}}`).join(' '), broken, isHidden)
}
