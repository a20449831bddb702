import type { ConfigKey, ConfigSchema, Format, FormatName, OneOf, Plugin } from '../../contract/index.js'
import { inWords, isListOf, isMapOf, ruleOf } from './formats.js'
import { kernelSchema } from './kernel-schema.js'
import { KERNEL_TABLE, pluginKeys } from './plugin-tables.js'

type Json = Readonly<Record<string, unknown>>

/** What the schema needs to know of a plugin. */
export type SchemaPlugin = Pick<Plugin, 'name' | 'summary' | 'config'>

/**
 * The JSON Schema (draft 2020-12) of the configuration file, for editors: they complete and check while one types. Made
 * from the same data as the real checks; it knows the built-in plugins, and lets tables of others have any key.
 */
export function configurationJsonSchema (plugins: readonly SchemaPlugin[]): Json {
  const sections = Object.entries(kernelSchema).map(([name, schema]) => [name, objectOf(schema)] as const)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of a Caxton server',
    type: 'object',
    additionalProperties: false,
    properties: { ...Object.fromEntries(sections), plugins: pluginsOf(plugins) },
    $defs: {
      plugin: { type: 'object', properties: kernelKeys(), additionalProperties: true },
      ...Object.fromEntries(plugins.map(plugin => [plugin.name, definitionOf(plugin)])),
    },
  }
}

function pluginsOf (plugins: readonly SchemaPlugin[]): Json {
  const reference = (name: string): Json => ({ $ref: `#/$defs/${name}` })
  const isUsed = (name: string): Json => ({ properties: { use: { const: name } }, required: ['use'] })
  // Not with if and then: an object with a `then` is a promise to whoever awaits it.
  const whereUsed = plugins.map(({ name }) => ({ anyOf: [{ not: isUsed(name) }, reference(name)] }))
  return {
    type: 'object',
    properties: Object.fromEntries(plugins.map(({ name }) => [name, reference(name)])),
    additionalProperties: { allOf: [reference('plugin'), ...whereUsed] },
  }
}

function definitionOf ({ summary, config }: SchemaPlugin): Json {
  const own = objectOf(config ?? {})
  return { ...own, description: summary, properties: { ...kernelKeys(), ...own.properties as Json } }
}

function kernelKeys (): Json {
  const { properties } = objectOf(pluginKeys)
  return { ...properties as Json, [KERNEL_TABLE]: { type: 'object', additionalProperties: false } }
}

function objectOf (schema: ConfigSchema): Json {
  const keys = Object.entries(schema)
  const required = keys.filter(([, key]) => !('default' in key)).map(([name]) => name)
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(keys.map(([name, key]) => [name, propertyOf(key)])),
    ...required.length === 0 ? {} : { required },
  }
}

function propertyOf (key: ConfigKey): Json {
  const value = key.default
  return {
    description: [key.doc, boundsOf(key)].filter(text => text !== '').join(' '),
    ...valueOf(key),
    ...value === undefined || value === null ? {} : { default: value },
  }
}

/** Bounds in words: what the file holds may be a text with a unit, which a JSON Schema can't compare. */
function boundsOf ({ format, min, max }: ConfigKey): string {
  if (min === undefined && max === undefined) return ''
  const least = min === undefined ? '' : `at least ${inWords(format, min)}`
  const most = max === undefined ? '' : `at most ${inWords(format, max)}`
  const text = [least, most].filter(part => part !== '').join(', ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function valueOf ({ format, min, max }: ConfigKey): Json {
  if (isMapOf(format)) return { type: 'object', additionalProperties: objectOf(format.mapOf) }
  if (isListOf(format)) return { type: 'array', items: singleOf(format.listOf) }
  return singleOf(format, min, max)
}

/** Any value may also be a text with a `${VARIABLE}` in it. */
function singleOf (format: FormatName | OneOf<string>, min?: number, max?: number): Json {
  const { json } = ruleOf(format)
  if (json.type === 'string' && json.pattern === undefined) return json
  const bounds = isPlainNumber(format)
    ? { ...min === undefined ? {} : { minimum: min }, ...max === undefined ? {} : { maximum: max } }
    : {}
  return { anyOf: [{ ...json, ...bounds }, { type: 'string', pattern: String.raw`\$\{[A-Za-z_]` }] }
}

const isPlainNumber = (format: Format): boolean => format === 'integer' || format === 'number' || format === 'port'
