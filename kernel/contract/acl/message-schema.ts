import { ACTS } from '../acts.js'
import { LATEST_REPLY_BY } from './fipa-message.js'
import { JSON_MEMBERS, type JsonKind } from './json-members.js'

type Json = Readonly<Record<string, unknown>>

const TEXTS = { type: 'object', propertyNames: { minLength: 1 }, additionalProperties: { type: 'string' } }
const AGENTS = { type: 'array', items: { $ref: '#/$defs/agent' } }

const TYPES: Readonly<Record<JsonKind, Json>> = {
  act: { type: 'string', anyOf: [{ enum: ACTS }, { pattern: `^(?:${ACTS.map(anyCase).join('|')})$` }] },
  text: { type: 'string' },
  base64: { type: 'string', contentEncoding: 'base64' },
  time: { anyOf: [{ type: 'integer', minimum: 0, maximum: LATEST_REPLY_BY }, { type: 'string', pattern: '^[0-9]{1,15}$' }] },
  agent: { $ref: '#/$defs/agent' },
  agents: AGENTS,
  texts: TEXTS,
}

/** The JSON Schema (draft 2020-12) of a message in its JSON form. */
export function messageJsonSchema (): Json {
  const members = Object.entries(JSON_MEMBERS)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A FIPA message in the JSON form of Caxton',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(members.map(([name, { kind, doc }]) => [name, { description: doc, ...TYPES[kind] }])),
    required: ['performative'],
    not: { required: ['content', 'contentBase64'] },
    $defs: {
      agent: {
        description: 'An agent as FIPA identifies it (SC00023K).',
        type: 'object',
        additionalProperties: false,
        properties: {
          name: { type: 'string', minLength: 1 },
          addresses: { description: 'Where it is reached, best first.', type: 'array', items: { type: 'string' } },
          resolvers: { description: 'Agents that know where it is reached.', ...AGENTS },
          user: { description: 'Parameters of its own; their names begin with "X-".', ...TEXTS },
        },
        required: ['name'],
      },
    },
  }
}

function anyCase (act: string): string {
  return act.replace(/[a-z]/g, letter => `[${letter.toUpperCase()}${letter}]`)
}
