import semver from 'semver'
import type { Plugin } from '../../contract/index.js'
import { didYouMean } from '../../contract/nearest.js'
import { isRecord, schemaComplaints } from './schema-shape.js'

const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const TOKEN_ID = /^[^\s/]+(\/[^\s/]+)+@\d+$/
const CODE = /^[A-Z][A-Z0-9_]*$/
const STABILITIES = ['experimental', 'beta', 'stable', 'deprecated']
const PRIVILEGES = ['net.listen', 'net.dial', 'fs.read', 'fs.write', 'process.spawn']
const NEEDS = ['one', 'maybe', 'many']

/** What is wrong with a field, in words; the list is empty when nothing is. */
type Check = (value: unknown, field: string) => string[]

const FIELDS: Readonly<Record<keyof Plugin, Check>> = {
  name: matching(NAME, 'must be lower-case letters, digits and dashes: "transport-tcp"'),
  summary: sentence,
  stability: word(STABILITIES),
  contract: (value, field) => typeof value === 'string' && semver.validRange(value) !== null
    ? [] : [`${field} must be a range of versions: "^1.0"`],
  provides: optionalList(provided),
  needs: optionalList(tokenComplaints),
  asks: optionalList(word(PRIVILEGES)),
  config: value => value === undefined ? [] : schemaComplaints(value),
  operations: optionalList(operation),
  commands: optionalList(command),
  connector: (value, field) => value === undefined ? [] : url(value, field),
  errors: optionalList(errorEntry),
  outlook: optionalFunction,
  main: optionalFunction,
  register: optionalFunction,
}

/** Whether a value is a well-formed plugin; when it is not, everything that is wrong with it is in `complaints`. */
export function isPlugin (value: unknown, complaints: string[]): value is Plugin {
  if (!isRecord(value)) {
    complaints.push('its module has no plugin as default export')
    return false
  }
  for (const [field, check] of Object.entries(FIELDS)) complaints.push(...check(value[field], field))
  const known = Object.keys(FIELDS)
  for (const field of Object.keys(value).filter(name => !known.includes(name))) {
    complaints.push(`${field} is not a field of a plugin${didYouMean(field, known)}`)
  }
  const wirings = [value.main, value.register].filter(wiring => wiring !== undefined)
  if (wirings.length !== 1) complaints.push('it must have either main or register')
  return complaints.length === 0
}

function matching (pattern: RegExp, complaint: string): Check {
  return (value, field) => typeof value === 'string' && pattern.test(value) ? [] : [`${field} ${complaint}`]
}

function word (words: readonly string[]): Check {
  return (value, field) => {
    if (typeof value === 'string' && words.includes(value)) return []
    const meant = typeof value === 'string' ? didYouMean(value, words) : ''
    return [`${field} must be one of ${words.map(each => `"${each}"`).join(', ')}${meant}`]
  }
}

function optionalList (check: Check): Check {
  return (value, field) => {
    if (value === undefined) return []
    if (!Array.isArray(value)) return [`${field} must be a list`]
    return value.flatMap((item, index) => check(item, `${field}[${index}]`))
  }
}

function optionalFunction (value: unknown, field: string): string[] {
  return value === undefined || typeof value === 'function' ? [] : [`${field} must be a function`]
}

function sentence (value: unknown, field: string): string[] {
  const isSentence = typeof value === 'string' && value.trim() !== '' && !value.includes('\n')
  return isSentence ? [] : [`${field} must be one sentence`]
}

function tokenComplaints (value: unknown, field: string): string[] {
  if (!isRecord(value)) return [`${field} must be a token: { id, need, scoped }`]
  return [
    ...matching(TOKEN_ID, 'must be an id such as "caxton/transport@1"')(value.id, `${field}.id`),
    ...word(NEEDS)(value.need, `${field}.need`),
    ...typeof value.scoped === 'boolean' ? [] : [`${field}.scoped must be true or false`],
  ]
}

function provided (value: unknown, field: string): string[] {
  const isProvision = isRecord(value) && 'from' in value
  const complaints = isProvision
    ? [...tokenComplaints(value.token, `${field}.token`), ...method(value.from, `${field}.from`)]
    : tokenComplaints(value, field)
  const provides = isProvision ? value.token : value
  const isOptional = isRecord(provides) && provides.need === 'maybe'
  return isOptional ? [...complaints, `${field}: only a need can be optional`] : complaints
}

function method (value: unknown, field: string): string[] {
  return typeof value === 'function' ? [] : [`${field} must be a function`]
}

function operation (value: unknown, field: string): string[] {
  if (!isRecord(value)) return [`${field} must be made by operations(service, handlers)`]
  const { service } = value
  const isService = isRecord(service) && service.kind === 'service' && typeof service.typeName === 'string'
  const complaints = isService ? [] : [`${field}.service must be a service descriptor`]
  return [...complaints, ...method(value.handlersOf, `${field}.handlersOf`)]
}

function command (value: unknown, field: string): string[] {
  if (!isRecord(value)) return [`${field} must be a command: { path, summary, examples, module }`]
  const { path, examples } = value
  const isPath = Array.isArray(path) && path.length > 0 && path.every(part => typeof part === 'string')
  return [
    ...isPath ? [] : [`${field}.path must be a list of words: ["agents", "deploy"]`],
    ...sentence(value.summary, `${field}.summary`),
    ...Array.isArray(examples) && examples.length > 0 ? [] : [`${field}.examples must have at least one`],
    ...url(value.module, `${field}.module`),
  ]
}

function errorEntry (value: unknown, field: string): string[] {
  if (typeof value !== 'function' && !isRecord(value)) return [`${field} must be made by defineError`]
  const entry = new Map<string, unknown>(Object.entries(value))
  return [
    ...matching(CODE, 'must be upper case: "AGENT_NOT_FOUND"')(entry.get('code'), `${field}.code`),
    ...['kind', 'meaning', 'remedy'].flatMap(name => sentence(entry.get(name), `${field}.${name}`)),
  ]
}

function url (value: unknown, field: string): string[] {
  return typeof value === 'string' && URL.canParse(value) ? [] : [`${field} must be the URL of a module`]
}
