import type { StateActions } from './state-actions.js'

type Schema = Readonly<Record<string, unknown>>

/** One tool, as MCP lists it, and which of the actions it is. */
export interface StateToolDefinition {
  readonly name: string
  readonly action: keyof StateActions
  readonly changes: boolean
  readonly description: string
  readonly input: Schema
  readonly output: Schema
}

const KEY = { type: 'string', minLength: 1, maxLength: 512, description: 'Names joined by slashes: orders/2030/17.' }
const SPACE = { type: 'string', description: 'A shared key space that was granted; left out: the caller\'s own.' }
const VALUE = { description: 'Any JSON value.' }
const VERSION = { type: 'integer', minimum: 0, description: 'Rises with each change; 0: there is no such key.' }
const EXPECTED = { type: 'integer', minimum: 0, description: 'The version that the key must have; 0: it must not exist.' }
const object = (properties: Schema, required: readonly string[]): Schema =>
  ({ type: 'object', properties, required, additionalProperties: false })
const input = (properties: Schema, required: readonly string[]): Schema => object({ ...properties, space: SPACE }, required)
const FOUND = { found: { type: 'boolean' }, value: VALUE, version: VERSION }
const STORED = object({ version: VERSION }, ['version'])

/** The tools in the order in which they are listed. */
export const STATE_TOOLS: readonly StateToolDefinition[] = [
  {
    name: 'store', action: 'store', changes: true,
    description: 'Stores a JSON value under a key, in place of what was there. Answers with its new version.',
    input: input({ key: KEY, value: VALUE }, ['key', 'value']), output: STORED,
  },
  {
    name: 'retrieve', action: 'retrieve', changes: false,
    description: 'Gives the value of a key, with its version. A key that does not exist is no error: found is false then.',
    input: input({ key: KEY }, ['key']), output: object(FOUND, ['found', 'value', 'version']),
  },
  {
    name: 'delete', action: 'delete', changes: true,
    description: 'Deletes a key, if it has the expected version where one is given. Says whether it was there.',
    input: input({ key: KEY, expected_version: EXPECTED }, ['key']), output: object({ deleted: { type: 'boolean' } }, ['deleted']),
  },
  {
    name: 'list', action: 'list', changes: false,
    description: 'Lists keys that begin with a prefix, in ascending order, a page at a time: pass the last key as after to get the next '
      + 'page while more is true.',
    input: input({
      prefix: { type: 'string', maxLength: 512, description: 'Left out: all keys.' },
      after: { type: 'string', maxLength: 512, description: 'Only keys behind this one.' },
      limit: { type: 'integer', minimum: 1, maximum: 1000, description: 'Most keys of the page; 100 by default.' },
    }, []),
    output: object({ keys: { type: 'array', items: { type: 'string' } }, more: { type: 'boolean' } }, ['keys', 'more']),
  },
  {
    name: 'exists', action: 'exists', changes: false,
    description: 'Says whether a key exists.',
    input: input({ key: KEY }, ['key']), output: object({ exists: { type: 'boolean' } }, ['exists']),
  },
  {
    name: 'batch_store', action: 'batchStore', changes: true,
    description: 'Stores several values, all or none: none if any key has not the version that its entry expects.',
    input: input({
      entries: { type: 'array', minItems: 1, items: object({ key: KEY, value: VALUE, expected_version: EXPECTED }, ['key', 'value']) },
    }, ['entries']),
    output: STORED,
  },
  {
    name: 'batch_retrieve', action: 'batchRetrieve', changes: false,
    description: 'Gives the values of several keys, in their order.',
    input: input({ keys: { type: 'array', minItems: 1, items: KEY } }, ['keys']),
    output: object({
      values: { type: 'array', items: object({ key: { type: 'string' }, ...FOUND }, ['key', 'found', 'value', 'version']) },
    }, ['values']),
  },
  {
    name: 'compare_and_set', action: 'compareAndSet', changes: true,
    description: 'Stores a value only if the key has the expected version: the one that was retrieved, or 0 for a key that must not exist. '
      + 'Otherwise the error STATE_CONFLICT says which version it has.',
    input: input({ key: KEY, value: VALUE, expected_version: EXPECTED }, ['key', 'value', 'expected_version']), output: STORED,
  },
]

export const stateToolNamed = (name: string): StateToolDefinition | undefined => STATE_TOOLS.find(tool => tool.name === name)
