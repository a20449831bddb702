import { expect } from 'chai'
import { configSchema, listOf, mapOf, oneOf } from '../../../../../kernel/contract/index.js'
import { configurationJsonSchema } from '../../../../../kernel/lifecycle/configuration/json-schema.js'

describe('the JSON Schema of the configuration file', () => {
  const variable = { type: 'string', pattern: String.raw`\$\{[A-Za-z_]` }
  const config = configSchema({
    url: { doc: 'Where.', format: 'string' },
    port: { doc: 'Port.', format: 'port', default: 80, min: 1 },
    wait: { doc: 'Wait.', format: 'duration', default: '5s', min: 100, max: 60_000 },
    modes: { doc: 'Modes.', format: listOf(oneOf('a', 'b')), default: [] },
    tools: { doc: 'Tools.', format: mapOf({ run: { doc: 'Run.', format: 'boolean' } }), default: {} },
  })

  function at (...path: string[]): unknown {
    let value: unknown = configurationJsonSchema([{ name: 'transport-x', summary: 'Carries.', config }])
    for (const key of path) value = new Map<string, unknown>(Object.entries(value ?? {})).get(key)
    return value
  }

  it('has a section for each of the kernel, with descriptions, defaults and no other keys', () => {
    expect(at('properties', 'agents', 'additionalProperties')).to.equal(false)
    expect(at('properties', 'log', 'properties', 'level'))
      .to.deep.include({ description: 'Least important lines that are written.', default: 'info' })
  })

  it('has the keys of each built-in plugin and those that are the kernel\'s', () => {
    expect(at('properties', 'plugins', 'properties')).to.deep.equal({ 'transport-x': { $ref: '#/$defs/transport-x' } })
    expect(at('$defs', 'transport-x', 'description')).to.equal('Carries.')
    expect(at('$defs', 'transport-x', 'required')).to.deep.equal(['url'])
    expect(at('$defs', 'transport-x', 'additionalProperties')).to.equal(false)
    expect(at('$defs', 'transport-x', 'properties')).to.have.all.keys(
      'use', 'enabled', 'optional', 'allow', 'kernel', 'url', 'port', 'wait', 'modes', 'tools')
  })

  it('lets a table of a stranger\'s plugin have any key, and one that uses a built-in plugin only its keys', () => {
    expect(at('properties', 'plugins', 'additionalProperties')).to.deep.equal({ allOf: [{ $ref: '#/$defs/plugin' }, {
      anyOf: [{ not: { properties: { use: { const: 'transport-x' } }, required: ['use'] } },
        { $ref: '#/$defs/transport-x' }],
    }] })
    expect(at('$defs', 'plugin', 'additionalProperties')).to.equal(true)
  })

  it('describes each format, and lets every value be a text with a variable', () => {
    const property = (name: string): unknown => at('$defs', 'transport-x', 'properties', name)
    expect(property('url')).to.deep.equal({ description: 'Where.', type: 'string' })
    expect(property('port')).to.deep.equal(
      { description: 'Port. At least 1.', anyOf: [{ type: 'integer', minimum: 1, maximum: 65_535 }, variable],
        default: 80 })
    expect(property('wait')).to.deep.include({ description: 'Wait. At least 100ms, at most 1m.', default: '5s' })
    expect(property('modes')).to.deep.include({ type: 'array', items: { anyOf: [{ enum: ['a', 'b'] }, variable] } })
    expect(property('tools')).to.deep.include({ type: 'object', additionalProperties: {
      type: 'object', additionalProperties: false, required: ['run'],
      properties: { run: { description: 'Run.', anyOf: [{ type: 'boolean' }, variable] } },
    } })
  })
})
