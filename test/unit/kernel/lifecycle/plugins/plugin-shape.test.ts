import { expect } from 'chai'
import fc from 'fast-check'
import {
  definePlugin, defineError, oneOf, optional, provision, token, tokenMany,
} from '../../../../../kernel/contract/index.js'
import { isPlugin } from '../../../../../kernel/lifecycle/plugins/plugin-shape.js'

describe('the shape of a plugin', () => {
  const Thing = token<object>('acme/thing@1')
  const good = {
    name: 'auth-ldap', summary: 'Lets callers in by LDAP.', stability: 'beta', contract: '^1.0',
    config: { url: { doc: 'Where.', format: 'string' } }, register: () => undefined,
  }

  function complaintsOf (value: unknown): string[] {
    const complaints: string[] = []
    expect(isPlugin(value, complaints)).to.equal(complaints.length === 0)
    return complaints
  }

  it('is accepted with every field that there is', () => {
    expect(complaintsOf(definePlugin({
      name: 'x', summary: 'One sentence.', stability: 'stable', contract: '^1.0',
      provides: [Thing, provision(tokenMany<object>('acme/things@1'), () => ({}))],
      needs: [optional(token<object>('acme/other@2'))],
      asks: ['net.dial'], config: { mode: { doc: 'How.', format: oneOf('a'), default: 'a' } },
      operations: [], commands: [{ path: ['x'], summary: 'Does.', examples: [{ type: 'x', does: 'x' }],
        module: 'file:///x.js' }],
      connector: 'file:///y.js',
      errors: [defineError({ code: 'A_B', kind: 'internal', meaning: 'M.', remedy: 'R.', sentence: () => 's' })],
      main: async () => Object,
    }))).to.deep.equal([])
    expect(complaintsOf(good)).to.deep.equal([])
  })

  it('is refused with every wrong field named at once', () => {
    const complaints = complaintsOf({
      name: 'Auth LDAP', summary: '', stability: 'finished', contract: 'one', provides: Thing,
      needs: [{ id: 'thing' }], asks: ['net.dail'],
      config: [], operations: [{}], commands: [{}], connector: 'x', errors: [{}], main: 3, need: [],
    })
    for (const field of ['name', 'summary', 'stability', 'contract', 'provides', 'needs[0].id', 'needs[0].need',
      'needs[0].scoped',
      'asks[0]', 'config', 'operations[0].service', 'operations[0].handlersOf', 'commands[0].path',
      'commands[0].summary',
      'commands[0].examples', 'commands[0].module', 'connector', 'errors[0].code', 'errors[0].meaning', 'main',
      'need is']) {
      expect(complaints.some(complaint => complaint.startsWith(field)), field).to.equal(true)
    }
    expect(complaints.join('\n')).to.contain('need is not a field of a plugin (did you mean "needs"?)')
      .and.contain('did you mean "net.dial"?')
  })

  for (const [what, change, complaint] of [
    ['no object', undefined, 'no plugin as default export'],
    ['neither main nor register', { register: undefined }, 'either main or register'],
    ['both main and register', { main: async () => Object }, 'either main or register'],
    ['a provided token that is optional', { provides: [optional(Thing)] }, 'only a need can be optional'],
    ['a key that is the kernel\'s', { config: { use: { doc: 'D.', format: 'string' } } },
      'config.use uses a name that is the kernel\'s'],
    ['the key "kernel"', { config: { kernel: { doc: 'D.', format: 'string' } } },
      'config.kernel uses a name that is the kernel\'s'],
    ['a key that no variable can name', { config: { maxSize: { doc: 'D.', format: 'bytes' } } }, 'lower-case letters'],
    ['a format that does not exist', { config: { a: { doc: 'D.', format: 'duraton' } } }, 'did you mean "duration"?'],
    ['a default of another format', { config: { a: { doc: 'D.', format: 'port', default: '80' } } },
      'the default of config.a'],
    ['a default out of bounds', { config: { a: { doc: 'D.', format: 'integer', default: 0, min: 1 } } },
      'must be at least 1'],
    ['a wrong default inside a map', { config: { a: { doc: 'D.',
      format: { mapOf: { b: { doc: 'B.', format: 'boolean', default: 'x' } } }, default: {} } } },
      'the default of config.a.format.mapOf.b'],
    ['a key without explanation', { config: { a: { format: 'string' } } }, 'config.a.doc must be a sentence'],
    ['a field of a key that does not exist', { config: { a: { doc: 'D.', format: 'string', defualt: 'x' } } },
      'did you mean "default"?'],
  ] as const) {
    it(`is refused with ${what}`, () => {
      const complaints = complaintsOf(change === undefined ? undefined : { ...good, ...change })
      expect(complaints).to.have.lengthOf(1)
      expect(complaints[0]).to.contain(complaint)
    })
  }

  it('is judged without throwing, whatever the module exports', () => {
    fc.assert(fc.property(fc.anything(), value => { complaintsOf(value) }), { numRuns: 300 })
    const fields = ['name', 'summary', 'stability', 'contract', 'provides', 'needs', 'asks', 'config', 'operations',
      'commands', 'errors']
    fc.assert(fc.property(fc.constantFrom(...fields), fc.anything(), (field, value) => {
      complaintsOf({ ...good, [field]: value })
    }), { numRuns: 500 })
  })
})
