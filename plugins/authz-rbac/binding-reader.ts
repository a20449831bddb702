import { didYouMean } from '../../kernel/contract/index.js'
import { Pattern } from './pattern.js'
import { isTable, type PolicyComplaints, type Table } from './policy-complaints.js'
import type { Binding } from './policy.js'

/** Reads `[[bindings]]`. What is wrong goes into the complaints, and the binding is left out. */
export function readBindings (bindings: unknown, roles: readonly string[], complaints: PolicyComplaints): Binding[] {
  if (bindings === undefined) return []
  if (!Array.isArray(bindings) || !bindings.every(isTable)) {
    complaints.add('bindings', 'bindings', '"bindings" is to be a list of tables: [[bindings]]')
    return []
  }
  return bindings.flatMap((table, index) => bindingOf(table, `bindings.${index}`, roles, complaints) ?? [])
}

function bindingOf (table: Table, path: string, known: readonly string[], complaints: PolicyComplaints): Binding | undefined {
  complaints.unknownKeys(path, table, ['principal', 'carries', 'method', 'roles'])
  const principal = complaints.texts(path, table, 'principal')
  const carries = complaints.texts(path, table, 'carries')
  const method = complaints.text(path, table, 'method')
  const roles = complaints.texts(path, table, 'roles')
  const names = principal ?? carries ?? []
  if ((principal === undefined) === (carries === undefined)) {
    complaints.add(path, 'bindings', 'a binding needs either "principal" or "carries"')
    return undefined
  }
  const by = principal === undefined ? 'carries' : 'principal'
  if (names.length === 0) complaints.add(path, by, `"${by}" names nobody`)
  if (roles === undefined ? by === 'principal' : roles.length === 0) complaints.add(path, 'roles', 'a binding needs "roles"')
  // Without roles, those that are carried are meant by their own names: then they must be roles, or else nobody gets anything.
  for (const role of roles ?? (by === 'carries' ? names.filter(name => !name.includes('*')) : [])) {
    if (!known.includes(role)) complaints.add(path, role, `there is no role "${role}"${didYouMean(role, known)}`)
  }
  if (roles === undefined && names.some(name => name.includes('*'))) {
    complaints.add(path, by, '"carries" with "*" needs "roles": whoever hands out credentials would choose any role, admin too')
  }
  const patterns = names.map(name => new Pattern(name))
  return { by, patterns, method, roles, text: wordsOf(by, names, method) }
}

function wordsOf (by: Binding['by'], names: readonly string[], method: string | undefined): string {
  const who = names.map(name => `"${name}"`).join(' or ')
  return `${by} ${who}${method === undefined ? '' : ` by ${method}`}`
}
