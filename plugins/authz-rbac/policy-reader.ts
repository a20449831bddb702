import { parse, TomlError } from 'smol-toml'
import { didYouMean, type OperationInfo } from '../../kernel/contract/index.js'
import { PolicyInvalid } from './authz-errors.js'
import { readBindings } from './binding-reader.js'
import { BUILT_IN_ROLES } from './built-in-roles.js'
import { isTable, PolicyComplaints, type Table } from './policy-complaints.js'
import type { Policy, Role, Rule } from './policy.js'
import { readRule } from './rule-text.js'

const ROLE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Every right that there is, where there are these operations. */
export const rightsOf = (operations: readonly OperationInfo[]): readonly string[] =>
  [...new Set(operations.map(({ right }) => right))].sort()

/**
 * Reads a policy. `rights`: every right that there is. Throws `AUTHZ_POLICY_INVALID` with everything that is wrong, each with its
 * line and column.
 */
export function readPolicy (text: string, file: string, rights: readonly string[]): Policy {
  const complaints = new PolicyComplaints(file, text)
  const table = tableOf(text, complaints)
  complaints.unknownKeys('', table, ['roles', 'bindings'])
  const roles = new Map(BUILT_IN_ROLES.map(role => [role.name, role] as const))
  for (const role of rolesOf(table['roles'], rights, complaints)) roles.set(role.name, role)
  checkIncludes(roles, complaints)
  const bindings = readBindings(table['bindings'], [...roles.keys()], complaints)
  if (complaints.list.length > 0) throw PolicyInvalid({ problems: complaints.list })
  return { roles, bindings }
}

function tableOf (text: string, complaints: PolicyComplaints): Table {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    complaints.addAt(error.line, error.column, (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, ''))
    return {}
  }
}

function rolesOf (roles: unknown, rights: readonly string[], complaints: PolicyComplaints): Role[] {
  if (roles === undefined) return []
  if (!isTable(roles)) {
    complaints.add('', 'roles', '"roles" is to hold a table for each role: [roles.NAME]')
    return []
  }
  return Object.entries(roles).flatMap(([name, table]) => {
    const path = `roles.${name}`
    const problem = problemOfRole(name, table)
    if (problem !== undefined) complaints.add(path, name, problem)
    return problem === undefined && isTable(table) ? [roleOf(name, table, { path, rights, complaints })] : []
  })
}

function problemOfRole (name: string, table: unknown): string | undefined {
  if (!isTable(table)) return `the role "${name}" is to be a table: [roles.${name}]`
  if (BUILT_IN_ROLES.some(role => role.name === name)) {
    return `the role "${name}" is built in and can't be changed; make one of another name that includes it`
  }
  return ROLE_NAME.test(name) ? undefined : `"${name}" is no name for a role: letters, digits, ".", "_" and "-", at most 64`
}

interface RoleContext {
  readonly path: string
  readonly rights: readonly string[]
  readonly complaints: PolicyComplaints
}

function roleOf (name: string, table: Table, context: RoleContext): Role {
  const { path, complaints } = context
  complaints.unknownKeys(path, table, ['summary', 'includes', 'allow', 'deny'])
  return {
    name,
    summary: complaints.text(path, table, 'summary') ?? '',
    isBuiltIn: false,
    includes: complaints.texts(path, table, 'includes') ?? [],
    allow: rulesOf(complaints.texts(path, table, 'allow') ?? [], context),
    deny: rulesOf(complaints.texts(path, table, 'deny') ?? [], context),
  }
}

function rulesOf (texts: readonly string[], { path, rights, complaints }: RoleContext): Rule[] {
  return texts.flatMap(text => {
    const rule = readRule(text)
    if (typeof rule === 'string') {
      complaints.add(path, text, rule)
      return []
    }
    if (rights.some(right => rule.rights.matches(right))) return [rule]
    const { text: written, isLiteral } = rule.rights
    complaints.add(path, text, isLiteral
      ? `"${written}" is no right of this server${didYouMean(written, rights)}`
      : `no right of this server is like "${written}"`)
    return []
  })
}

/** Every role that is included exists, and none includes itself, by whatever way. */
function checkIncludes (roles: ReadonlyMap<string, Role>, complaints: PolicyComplaints): void {
  for (const { name, includes } of roles.values()) {
    for (const other of includes.filter(each => !roles.has(each))) {
      complaints.add(`roles.${name}`, other, `there is no role "${other}"${didYouMean(other, roles.keys())}`)
    }
    if (reaches(roles, includes, name)) complaints.add(`roles.${name}`, 'includes', `the role "${name}" includes itself`)
  }
}

function reaches (roles: ReadonlyMap<string, Role>, from: readonly string[], wanted: string): boolean {
  const seen = new Set<string>()
  const waiting = [...from]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === wanted) return true
    if (seen.has(name)) continue
    seen.add(name)
    waiting.push(...roles.get(name)?.includes ?? [])
  }
  return false
}
