import { expect } from 'chai'
import fc from 'fast-check'
import { fipaMessage } from '../../../../../kernel/contract/acl/fipa-message.js'
import { JSON_MEMBERS } from '../../../../../kernel/contract/acl/json-members.js'
import { readMessageJson, writeMessageJson } from '../../../../../kernel/contract/acl/message-json.js'
import { messageJsonSchema } from '../../../../../kernel/contract/acl/message-schema.js'
import { anyFipaMessage } from '../../../../support/fipa-messages.js'

const viaText = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const refusal = (json: unknown): string => {
  const read = readMessageJson(json)
  return read.ok ? 'read' : `${read.path}: ${read.reason}`
}

describe('the JSON form of a message', () => {
  it('gives back every message that was written', () => {
    fc.assert(fc.property(anyFipaMessage, message => {
      expect(readMessageJson(viaText(writeMessageJson(message)))).to.deep.equal({ ok: true, value: message })
    }), { numRuns: 150 })
  })

  it('shows content as text where it is text', () => {
    const json = (content: Uint8Array): object => writeMessageJson(fipaMessage({ performative: 'inform', content }))
    expect(json(Buffer.from('{"a":"ü"}'))).to.include({ content: '{"a":"ü"}' }).and.not.to.have.property('contentBase64')
    expect(json(Uint8Array.of(0xff, 0))).to.include({ contentBase64: '/wA=' }).and.not.to.have.property('content')
  })

  it('needs no more than an act, in any case', () => {
    expect(readMessageJson({ performative: 'CFP' })).to.deep.equal({ ok: true, value: fipaMessage({ performative: 'cfp' }) })
  })

  const refused: ReadonlyArray<readonly [json: unknown, reason: string]> = [
    [null, ': it is not an object'],
    [[], ': it is not an object'],
    [{}, 'performative: it is missing'],
    [{ performative: 'shout' }, 'performative: it is not one of the 22 FIPA acts'],
    [{ performative: 'inform', colour: 'red' }, 'colour: a message has no such member'],
    [{ performative: 'inform', toString: 'red' }, 'toString: a message has no such member'],
    [{ performative: 'inform', language: 3 }, 'language: it is not a text'],
    [{ performative: 'inform', language: '\ud800' }, 'language: it has half a character'],
    [{ performative: 'inform', content: '', contentBase64: '' }, 'contentBase64: the content is given twice'],
    [{ performative: 'inform', contentBase64: 'a' }, 'contentBase64: it is not base64'],
    [{ performative: 'inform', replyBy: -1 }, 'replyBy: it is not a time from 1970 to 9999 in whole milliseconds since 1970'],
    [{ performative: 'inform', replyBy: '9e9' }, 'replyBy: it is not a time from 1970 to 9999 in whole milliseconds since 1970'],
    [{ performative: 'inform', user: { 'X-a': 1 } }, 'user.X-a: it is not a text'],
    [{ performative: 'inform', user: { '': '' } }, 'user.: no parameter can have this name'],
    [{ performative: 'inform', receivers: [{ name: 'a' }, { name: '' }] }, 'receivers[1].name: it is empty'],
    [{ performative: 'inform', receivers: [{ name: 'a', resolvers: [{}] }] }, 'receivers[0].resolvers[0].name: it is not a text'],
    [{ performative: 'inform', senderIdentifier: { name: 'a', age: 3 } }, 'senderIdentifier.age: an agent identifier has no such member'],
  ]
  for (const [json, reason] of refused) {
    it(`is refused with the place and the reason: ${JSON.stringify(json)}`, () => expect(refusal(json)).to.equal(reason))
  }

  it('never throws, whatever JSON comes', () => {
    const member = fc.constantFrom(...Object.keys(JSON_MEMBERS))
    const json = fc.oneof(fc.jsonValue(), fc.dictionary(member, fc.jsonValue()).map(said => ({ performative: 'inform', ...said })))
    fc.assert(fc.property(json, value => {
      const read = readMessageJson(value)
      if (!read.ok) expect(read.reason).not.to.equal('')
    }), { numRuns: 2_000 })
  })

  it('has a schema that names the members that are written, and no others', () => {
    const sender = { name: 'a', addresses: ['b'], resolvers: [], user: {} }
    const written = [Uint8Array.of(0xff), Uint8Array.of(0x20)].flatMap(content =>
      Object.keys(writeMessageJson(fipaMessage({ performative: 'inform', sender, content }))))
    const { properties, $defs } = messageJsonSchema() as { properties: object, $defs: { agent: { properties: object } } }
    expect(Object.keys(properties)).to.have.members([...new Set(written)])
    expect(Object.keys($defs.agent.properties)).to.have.members(Object.keys(sender))
  })
})
