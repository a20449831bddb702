import fc from 'fast-check'
import { ACTS } from '../../kernel/contract/acts.js'
import { fipaMessage, LATEST_REPLY_BY, type FipaAgent, type FipaMessage } from '../../kernel/contract/acl/fipa-message.js'

/** Texts that tempt every notation: words, ids that begin with digits, lists, quotes, backslashes, other scripts. */
export const anyText = fc.oneof(
  fc.constantFrom(
    'fipa-sl', '3b24c0de-0000-4000-8000-000000000000', '12', '-1.5e3', '20261125T221627000Z', '+00000000T000010000', '(a (b 1) "c d")',
    '(a  b)', '(', ')', '"', '\\',
    'a\\', '\\"', '#5"ab"cd', '@home', '-x', ':content', 'set', 'ü€😀', '\u0007', 'a b', '\ufeffa', '\u2028',
    '(set (agent-identifier :name a))', '("(a b)")', '(#3"(a))',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc.string({ unit: fc.constantFrom('(', ')', '"', '\\', '#', '1', '2', ' ', 'a', ':', '-'), minLength: 1, maxLength: 24 }),
).filter(text => !text.includes('\0'))

const text = fc.oneof(fc.constant(''), anyText)
const userName = fc.oneof(
  fc.constantFrom('X-Media-Type', 'x-media-type', 'X-X-Media-Type', 'X-a(b', 'X-%28', 'X-"', 'X-ä', 'no-prefix', '__proto__', 'X-'),
  fc.stringMatching(/^X-[a-zA-Z0-9-]{1,9}$/),
)
const user = fc.dictionary(userName, text, { maxKeys: 4, noNullPrototype: true })

/** Agents as their identifiers may say, with resolvers of resolvers. */
const anyAgent = (depth: number): fc.Arbitrary<FipaAgent> => fc.record({
  name: anyText,
  addresses: fc.array(fc.oneof(anyText, fc.constant('http://buyer.example:7778/acc')), { maxLength: 2 }),
  resolvers: depth === 0 ? fc.constant([]) : fc.array(anyAgent(depth - 1), { maxLength: 1 }),
  user,
})

const agents = fc.array(anyAgent(2), { maxLength: 3 })

/** Any message that there can be. */
export const anyFipaMessage: fc.Arbitrary<FipaMessage> = fc.record({
  performative: fc.constantFrom(...ACTS), sender: fc.option(anyAgent(2), { nil: undefined }), receivers: agents, replyTo: agents,
  content: fc.oneof(fc.uint8Array({ maxLength: 60 }), text.map(content => new Uint8Array(Buffer.from(content)))),
  mediaType: fc.constantFrom('', 'text/plain; charset=utf-8', 'application/octet-stream', 'application/json'),
  language: text, encoding: text, ontology: text, protocol: text, conversationId: text, replyWith: text, inReplyTo: text,
  replyBy: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: LATEST_REPLY_BY })), user,
}).map(fipaMessage)
