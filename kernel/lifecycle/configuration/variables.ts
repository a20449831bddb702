import { ConfigVariableMalformed, ConfigVariableMissing } from './configuration-errors.js'
import { problemOf, type Problem } from './problem.js'
import { isList, isTable, pathTo, Text, type Table, type Value } from './table.js'

export type Environment = Readonly<Record<string, string | undefined>>

/** `$${` stands for a literal `${`; otherwise `${NAME}` or `${NAME:-default}`, where the default has no brace. */
const VARIABLE = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^{}]*))?\}|\$\{[^}]{0,40}\}?/g

/**
 * Fills in `${NAME}` and `${NAME:-default}` in every text of a table, as a shell does: the default also takes the place
 * of an empty variable. A variable that is missing without a default is a problem with the path of its key.
 */
export function substituteVariables (table: Table, environment: Environment, problems: Problem[]): Table {
  return tableWith(table, '', (text, path) => filled(text, path, environment, problems))
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

function filled (text: string, path: string, environment: Environment, problems: Problem[]): Value {
  if (!text.includes('${')) return text
  const used: string[] = []
  const before = problems.length
  const result = text.replaceAll(VARIABLE, (match: string, name: string | undefined, fallback: string | undefined) => {
    if (match === '$${') return '${'
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
  return used.length === 0 && !broken ? result : new Text(result, used.map(name => `\${${name}}`).join(' '), broken)
}
