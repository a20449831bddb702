import { expect } from 'chai'
import fc from 'fast-check'
import { ACTS } from '../../../../../kernel/contract/acts.js'
import { agentNamed, fipaMessage, type FipaMessage } from '../../../../../kernel/contract/acl/fipa-message.js'
import { MESSAGE_BOUNDS } from '../../../../../kernel/contract/acl/message-bounds.js'
import { readMessageText, writeMessageText } from '../../../../../kernel/contract/acl/message-text.js'
import { anyFipaMessage } from '../../../../support/fipa-messages.js'

const NOW = Date.UTC(2026, 10, 25, 22, 16, 27, 5)
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
const written = (said: Partial<FipaMessage>): string => textOf(writeMessageText(fipaMessage({ performative: 'inform', ...said })))
const isRead = (text: string | Uint8Array, said: Partial<FipaMessage>): void => {
  const read = readMessageText(typeof text === 'string' ? utf8(text) : text, NOW)
  expect(read).to.deep.equal({ ok: true, value: fipaMessage({ performative: 'inform', ...said }) })
}

/** The position and reason that a text is refused with. */
const refusal = (text: string): string => {
  const read = readMessageText(utf8(text), NOW)
  return read.ok ? 'read' : `${read.position}: ${read.reason}`
}

describe('the string form of a message', () => {
  it('gives back every message that was written', () => {
    fc.assert(fc.property(anyFipaMessage, message => {
      expect(readMessageText(writeMessageText(message), NOW)).to.deep.equal({ ok: true, value: message })
    }), { numRuns: 150 })
  })

  it('has all 13 parameters and those of the sender\'s own', () => {
    isRead(`(inform
      :sender (agent-identifier :name buyer@market :addresses (sequence http://buyer.example:7778/acc)
        :resolvers (sequence (agent-identifier :name df)) :X-shoe-size 43)
      :receiver (set (agent-identifier :name echo) (agent-identifier :name "3seller"))
      :content "{\\"price\\":3}" :reply-with r1 :reply-by 20261125T221627000Z :in-reply-to r0
      :reply-to (set (agent-identifier :name desk)) :language fipa-sl :encoding "utf 8" :ontology (shop (v 1))
      :protocol fipa-request :conversation-id "3b24" :X-tag "a b" :x-Media-Type text/plain)`, {
      sender: {
        name: 'buyer@market', addresses: ['http://buyer.example:7778/acc'], resolvers: [agentNamed('df')], user: { 'X-shoe-size': '43' },
      },
      receivers: [agentNamed('echo'), agentNamed('3seller')], content: utf8('{"price":3}'), replyWith: 'r1',
      replyBy: Date.UTC(2026, 10, 25, 22, 16, 27), inReplyTo: 'r0', replyTo: [agentNamed('desk')], language: 'fipa-sl', encoding: 'utf 8',
      ontology: '(shop (v 1))', protocol: 'fipa-request', conversationId: '3b24', mediaType: 'text/plain', user: { 'X-tag': 'a b' },
    })
  })

  it('knows the 22 acts and the keywords in any case', () => {
    for (const act of ACTS) isRead(`(${act.toUpperCase()})`, { performative: act })
    isRead('(INFORM :RECEIVER (SET (AGENT-IDENTIFIER :NAME Echo :ADDRESSES (SEQUENCE))) :Content "A")', {
      receivers: [agentNamed('Echo')], content: utf8('A'),
    })
  })

  it('puts in quotes what begins like no word, as ids often do', () => {
    expect(written({ conversationId: '3b24-11', replyWith: '12', language: '-x', ontology: '@home', protocol: '#1', inReplyTo: 'plain' }))
      .to.equal('(inform :reply-with "12" :in-reply-to plain :language "-x" :ontology "@home" :protocol "#1" :conversation-id "3b24-11")')
    expect(written({ receivers: [agentNamed('3seller')] })).to.include(':name "3seller"')
    expect(refusal('(inform :conversation-id 3b24-11)')).to.equal('25: "3b24-11" must be in quotes: a word can\'t begin with "3"')
  })

  it('takes bytes by their number, and writes them so where a literal can\'t say them', () => {
    isRead('(inform :content #5"ab"cd)', { content: utf8('ab"cd') })
    isRead('(inform :language #2"ü :content #6"€\\"))', { language: 'ü', content: utf8('€\\")') })
    const noText = Uint8Array.of(0xff, 0, 0x29)
    isRead(Buffer.concat([utf8('(inform :content #3"'), noText, utf8(')')]), { content: noText })
    expect(Buffer.from(writeMessageText(fipaMessage({ performative: 'inform', content: Uint8Array.of(0xff, 0x22) }))).toString('latin1'))
      .to.equal('(inform :content #2"\xff")')
    expect(written({ content: utf8('"'.repeat(65_537)) })).to.equal(`(inform :content #65537"${'"'.repeat(65_537)})`)
    isRead(written({ language: 'a'.repeat(2_000), user: { 'X-a': '1'.repeat(2_000) } }), {
      language: 'a'.repeat(2_000), user: { 'X-a': '1'.repeat(2_000) },
    })
    expect(written({ content: utf8('C:\\') })).to.equal('(inform :content #3"C:\\)')
    expect(refusal('(inform :content #9"ab)')).to.equal('17: there are only 3 of 9 bytes')
  })

  it('keeps characters beyond ASCII', () => {
    expect(written({ content: utf8('ü€') })).to.equal('(inform :content "ü€")')
    isRead('(inform :content "ü€" :ontology ü€)', { content: utf8('ü€'), ontology: 'ü€' })
  })

  it('escapes quotes and nothing else', () => {
    isRead('(inform :content "a\\"b\\c\\\\\\"")', { content: utf8('a"b\\c\\\\"') })
  })

  it('says the media type of what is not JSON in a parameter of its own', () => {
    expect(written({ mediaType: 'text/plain', content: utf8('hi') })).to.equal('(inform :content "hi" :X-Media-Type text/plain)')
    expect(written({ mediaType: 'application/json' })).to.equal('(inform)')
  })

  it('counts relative times from the time that it is given', () => {
    isRead('(inform :reply-by +00000000T000010000)', { replyBy: NOW + 10_000 })
    isRead('(inform :reply-by -00000001T000000000z)', { replyBy: NOW - 86_400_000 })
    isRead('(inform :reply-by +00010305T010203004)', { replyBy: Date.UTC(2028, 1, 25 + 5, 23, 18, 30, 9) })
    isRead('(inform :reply-by 20240229T235959999)', { replyBy: Date.UTC(2024, 1, 29, 23, 59, 59, 999) })
  })

  const refused: ReadonlyArray<readonly [text: string, reason: string]> = [
    ['', '0: expected a message such as (inform :content "hello"), found the end'],
    ['inform', '0: expected a message such as (inform :content "hello"), found "inform"'],
    ['(shout)', '1: "shout" is not one of the 22 FIPA acts'],
    ['(inform :receiver echo)', '18: expected (set (agent-identifier :name ...)), found "echo"'],
    ['(inform :receiver (agent-identifier :name echo))', '19: expected "set", found "agent-identifier"'],
    ['(inform :receiver (set echo))', '23: expected (agent-identifier :name ...), found "echo"'],
    ['(inform :content (price 3))', '17: content must be a string in quotes, found "("'],
    ['(inform :content price)', '17: content must be a string in quotes, found "price"'],
    ['(inform :language en :LANGUAGE de)', '21: ":LANGUAGE" is given twice'],
    ['(inform :X-a 1 :X-a 2)', '15: ":X-a" is given twice'],
    ['(inform :language :ontology shop)', '18: ":language" has no value'],
    ['(inform :language)', '17: expected a value, found ")"'],
    ['(inform :colour red)', '8: ":colour" is no parameter of a message; those of your own begin with ":X-"'],
    ['(inform :content "hello)', '17: the string has no closing quote'],
    ['(inform', '7: expected a parameter or ")", found the end'],
    ['(inform) (inform)', '9: expected the end of the message, found "("'],
    ['(inform :sender (agent-identifier))', '33: the agent identifier has no :name'],
    ['(inform :reply-by tomorrow)',
      '18: "tomorrow" can\'t be a date-time: it is not a date-time such as 20261125T221627000Z or +00000000T000010000'],
    ['(inform :reply-by 20260229T000000000Z)', '18: "20260229T000000000Z" can\'t be a date-time: there is no such day or time'],
    ['(inform :language "\u0000a" :ontology \u0001)', '33: a control character must be in quotes'],
  ]
  for (const [text, reason] of refused) {
    it(`is refused with position and reason: ${JSON.stringify(text)}`, () => expect(refusal(text)).to.equal(reason))
  }

  it('is refused when it is nested too deep, has too many words or is too long', () => {
    expect(refusal(`(inform :X-a ${'('.repeat(5_000)}`)).to.equal('45: lists are nested more than 32 deep')
    expect(refusal(`(inform :sender ${'(agent-identifier :resolvers (sequence '.repeat(5_000)}`))
      .to.match(/resolvers are nested more than 32 deep$/)
    expect(refusal(`(inform :X-a (${'a '.repeat(MESSAGE_BOUNDS.tokens)}))`)).to.match(/more than 10000 words/)
    expect(refusal(`(inform ${Array.from({ length: 257 }, (_, index) => `:X-${index} a`).join(' ')})`)).to.match(/more than 256 parameters/)
    expect(refusal(`(inform :language ${'1'.repeat(1_025)})`)).to.equal('18: a text of more than 1024 bytes must be in quotes')
    expect(refusal(`(inform :content "${'a'.repeat(MESSAGE_BOUNDS.bytes)}")`)).to.equal('1310720: the message is longer than 1310720 bytes')
  })

  it('says where bytes are no text', () => {
    const bytes = Buffer.concat([utf8('(inform :language "a'), Uint8Array.of(0xff), utf8('")')])
    expect(readMessageText(bytes, NOW)).to.deep.equal({ ok: false, position: 18, reason: 'the text is not UTF-8' })
  })
})
