import { expect } from 'chai'
import { create } from '@bufbuild/protobuf'
import { WatchMessagesResponseSchema } from '../../../../../kernel/contract/index.js'
import { mediaTypeOf, readContent } from '../../../../../kernel/command/commands/message-content.js'
import { watchLine } from '../../../../../kernel/command/commands/message-watch.js'
import { runCommand, type Outcome } from '../../../../support/command/run-command.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const send = (words: readonly string[], answers: readonly object[] = []): Promise<Outcome> =>
  runCommand(['message', 'send', '--to', 'echo', ...words], {
    answers: { 'Messages/Send': () => ({ messageId: 'm1', conversationId: 'c1', traceId: 't1', answers }) },
  })
const sent = ({ connector }: Outcome): unknown => connector.asked[0]?.request

describe('message commands', () => {
  it('send makes a request of the FIPA Request protocol by default', async () => {
    const outcome = await send(['--content', '{"a":1}'])
    expect(sent(outcome)).to.deep.nested.include({
      'message.performative': 'request', 'message.receiver': 'echo', 'message.protocol': 'fipa-request',
      'message.mediaType': 'application/json', 'message.content': utf8('{"a":1}'), wait: false,
    })
    expect(outcome.stdout).to.equal('message       m1\nconversation  c1\ntrace         t1\n')
  })

  it('send leaves the protocol out for other acts and when told so', async () => {
    expect(sent(await send(['-p', 'INFORM']))).to.deep.nested.include({ 'message.performative': 'inform', 'message.protocol': '' })
    expect(sent(await send(['--protocol', 'none']))).to.deep.nested.include({ 'message.protocol': '' })
  })

  it('send takes every parameter of a message', async () => {
    const clock = new VirtualClock()
    const outcome = await send([
      '--conversation', 'c9', '--ontology', 'shop', '--language', 'fipa-sl', '--media-type', 'text/x',
      '--reply-by', '5s', '--priority', 'high', '--ttl', '3s', '--receipt', '--wait', '--timeout', '2m',
    ])
    expect(sent(outcome)).to.deep.nested.include({
      'message.conversationId': 'c9', 'message.ontology': 'shop', 'message.language': 'fipa-sl', 'message.mediaType': 'text/x',
      'message.replyBy': BigInt(clock.now() + 5000),
      priority: 'high', timeToLiveMilliseconds: 3_000, receipt: true, wait: true, waitMilliseconds: 120_000,
    })
  })

  it('send names a capability with a choice, or a topic, in place of an agent', async () => {
    const sendTo = (...words: readonly string[]): Promise<Outcome> => runCommand(['message', 'send', ...words], {
      answers: { 'Messages/Send': () => ({ messageId: 'm1', traceId: 't1' }) },
    })
    expect(sent(await sendTo('--to-capability', 'sell@^1'))).to.deep.nested.include({ toCapability: 'one:sell@^1', 'message.receiver': '' })
    expect(sent(await sendTo('--to-capability', 'sell', '--choice', 'all'))).to.include({ toCapability: 'all:sell', toTopic: '' })
    expect(sent(await sendTo('--to-topic', 'news'))).to.include({ toCapability: '', toTopic: 'news' })
    const outcome = await sendTo('--to-capability', 'sell', '--choice', 'al')
    expect(outcome.stderr).to.contain('COMMAND_VALUE_INVALID').and.to.contain('all')
  })

  it('send --wait prints the answers as data and the rest as messages', async () => {
    const outcome = await send(['--wait'], [
      { sender: 'echo', performative: 'agree' },
      { sender: 'echo', performative: 'inform', content: utf8('{"b":2}') },
    ])
    expect(outcome).to.include({ code: 0, stdout: 'echo → agree  \necho → inform  {"b":2}\n', stderr: 'conversation c1 · trace t1\n' })
  })

  it('send fails when the agent refuses, fails or does not understand', async () => {
    for (const performative of ['refuse', 'failure', 'not-understood']) {
      expect((await send(['--wait'], [{ sender: 'echo', performative }])).code, performative).to.equal(1)
    }
  })

  it('send gives programs content as text, or as base64 when it is none', async () => {
    const outcome = await send(['--wait', '-o', 'json'], [{ content: utf8('{"b":2}') }, { content: new Uint8Array([0xff, 0]) }])
    const { answers } = JSON.parse(outcome.stdout) as { answers: object[] }
    expect(answers[0]).to.include({ content: '{"b":2}' }).and.not.to.have.property('contentBase64')
    expect(answers[1]).to.include({ contentBase64: '/wA=' }).and.not.to.have.property('content')
  })

  it('send --receipt waits for the receipt, and says what came instead', async () => {
    const answers = (answer: object) => ({ answers: { 'Messages/Send': () => ({ messageId: 'm1', traceId: 't1', ...answer }) } })
    const words = ['message', 'send', '--to', 'echo', '--receipt', '--timeout', '9s']
    const good = await runCommand(words, answers({ handled: true }))
    expect(sent(good)).to.deep.include({ wait: false, receipt: true, waitMilliseconds: 9_000 })
    expect(good).to.include({ code: 0, stdout: 'message  m1\ntrace    t1\nhandled  yes\n' })
    const bad = await runCommand(words, answers({ answers: [{ performative: 'failure', content: utf8('{"code":"X"}') }] }))
    expect(bad).to.include({ code: 1, stdout: 'message  m1\ntrace    t1\nhandled  no: {"code":"X"}\n' })
    const durable = await runCommand([...words, '--delivery-key', 'k'], answers({ accepted: true, handled: true }))
    expect(sent(durable)).to.include({ deliveryKey: 'k' })
    expect(durable.stdout).to.equal('message   m1\ntrace     t1\naccepted  yes\nhandled   yes\n')
    const again = await runCommand(['message', 'send', '--to', 'echo', '--delivery-key', 'k'], answers({ accepted: true, duplicate: true }))
    expect(again).to.include({ code: 0, stdout: 'message   m1\ntrace     t1\naccepted  yes, before, under the same delivery key\n' })
  })

  it('send knows four priorities, and suggests the one that was meant', async () => {
    const outcome = await send(['--priority', 'critcal'])
    expect(outcome.code).to.equal(2)
    expect(outcome.stderr).to.include('did you mean `critical`')
  })

  it('send suggests the act that was meant', async () => {
    const outcome = await send(['-p', 'requst'])
    expect(outcome.code).to.equal(2)
    expect(outcome.stderr).to.include('did you mean `request`')
  })

  it('reads content from the line, from standard input and with a leading @', async () => {
    async function * input (): AsyncGenerator<Uint8Array> {
      yield utf8('{"a"')
      yield utf8(':1}')
    }
    expect(await readContent('text', '/')).to.deep.equal(utf8('text'))
    expect(await readContent('@@home', '/')).to.deep.equal(utf8('@home'))
    expect(Buffer.from(await readContent('-', '/', input())).toString()).to.equal('{"a":1}')
  })

  it('stops reading content that no server would take', async () => {
    async function * endless (): AsyncGenerator<Uint8Array> {
      for (;;) yield new Uint8Array(65_536)
    }
    expect(await readContent('-', '/', endless()).catch((error: unknown) => error)).to.include({ code: 'COMMAND_VALUE_INVALID' })
  })

  it('guesses the media type from the content', () => {
    expect(mediaTypeOf(utf8('{"a":1}'))).to.equal('application/json')
    expect(mediaTypeOf(utf8('hello'))).to.equal('text/plain; charset=utf-8')
    expect(mediaTypeOf(new Uint8Array([0xff]))).to.equal('application/octet-stream')
  })

  it('watch shows a message in one line that a long or hostile content can\'t break', () => {
    const seen = create(WatchMessagesResponseSchema, {
      at: 5n, outcome: 'AGENT_NOT_FOUND', message: { sender: 'a', receiver: 'b', performative: 'inform', content: utf8('x'.repeat(500)) },
    })
    expect(watchLine(seen)).to.match(/^\d\d:\d\d:\d\d\.005 a → b {2}inform {2}x{59}… {2}✗ AGENT_NOT_FOUND$/)
  })

  it('watch says how a message was sent where that is not as usual', () => {
    const seen = { at: 5n, outcome: 'delivered', message: { sender: 'a', receiver: 'b', performative: 'inform', content: utf8('x') } }
    const line = (terms: object): string => watchLine(create(WatchMessagesResponseSchema, { ...seen, ...terms })).replace(/^\S+ /, '')
    expect(line({ priority: 'normal', delivery: 'at-most-once' })).to.equal('a → b  inform  x')
    expect(line({ priority: 'high', delivery: 'exactly-once', expiresAt: 7n }))
      .to.match(/^a → b {2}inform \(high, exactly-once, until \d\d:\d\d:\d\d\.007\) {2}x$/)
  })

  it('watch says how many messages were left out', async () => {
    const seen = { at: 1n, messageId: 'm', outcome: 'delivered', skipped: 12n, message: { content: utf8('\n') } }
    const answers = { 'Messages/Watch': async function * () { yield seen } }
    const human = await runCommand(['message', 'watch', 'a', 'b'], { answers })
    expect(human.stderr).to.equal('12 messages were not shown: there were too many\n')
    expect(human.stdout).to.match(/\\n\n$/)
    expect(human.connector.asked[0]?.request).to.deep.include({ agents: ['a', 'b'] })
    const json = await runCommand(['message', 'watch', '-o', 'json'], { answers })
    expect(JSON.parse(json.stdout)).to.deep.nested.include({ 'message.content': '\n', skipped: '12' })
  })
})
