import { expect } from 'chai'
import { create } from '@bufbuild/protobuf'
import { markedLine } from '../../../../../kernel/command/commands/message-forms.js'
import { messageJson } from '../../../../../kernel/command/commands/answer-data.js'
import { AclMessageSchema } from '../../../../../kernel/contract/index.js'
import { runCommand, type Outcome } from '../../../../support/command/run-command.js'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const ASK = '(request :receiver (set (agent-identifier :name echo)) :content "hello")'
const FORM = utf8('(inform :sender (agent-identifier :name echo) :content "hello")')
const send = (words: readonly string[], more: object = {}): Promise<Outcome> => runCommand(['message', 'send', ...words], {
  answers: { 'Messages/Send': () => ({ messageId: 'm1', conversationId: 'c1', traceId: 't1', ...more }) },
})
const sent = ({ connector }: Outcome): unknown => connector.asked[0]?.request

describe('messages in their whole forms', () => {
  it('send --acl hands the string form to the server as it is', async () => {
    const outcome = await send(['--acl', ASK, '--wait'], { answers: [{ performative: 'inform' }], aclAnswers: [FORM] })
    expect(sent(outcome)).to.deep.include({ acl: utf8(ASK), wait: true }).and.not.to.have.property('message')
    expect(outcome).to.include({ code: 0, stdout: `${Buffer.from(FORM).toString()}\n` })
  })

  it('send --acl takes JSON, as send and watch print it', async () => {
    const message = create(AclMessageSchema, {
      performative: 'cfp', receiver: 'a', receivers: [{ name: 'a' }, { name: 'b' }], content: utf8('{"a":1}'), user: { 'X-a': '1' },
    })
    const outcome = await send(['--acl', JSON.stringify(messageJson(message))])
    expect(sent(outcome)).to.deep.nested.include({
      'message.performative': 'cfp', 'message.content': utf8('{"a":1}'), 'message.user.X-a': '1',
    })
    expect(sent(outcome)).to.have.nested.property('message.receivers').with.length(2)
  })

  it('send --acl marks what is not understood', async () => {
    const outcome = await send(['--acl', '(request :receiver echo :content "hello")'])
    expect(outcome).to.include({ code: 2, stdout: '' })
    expect(outcome.stderr.split('\n').slice(0, 3)).to.deep.equal([
      'error: `--acl` can\'t be understood at byte 19: expected (set (agent-identifier :name ...)), found "echo"',
      '  (request :receiver echo :content "hello")',
      '                     ^',
    ])
    expect(outcome.connector.asked).to.deep.equal([])
  })

  it('send --acl names the member of JSON that is wrong', async () => {
    expect((await send(['--acl', '{"performative":"inform","receivers":[{}]}'])).stderr)
      .to.include('`--acl` can\'t be understood at `receivers[0].name`: it is not a text')
    expect(await send(['--acl', '{"performative"'])).to.have.property('code', 2)
  })

  it('send wants a receiver, and no part of a message twice', async () => {
    expect((await send(['--content', 'x'])).stderr)
      .to.include('option `--to` of `caxton message send` is missing, and so are `--to-capability`')
    expect((await send(['--acl', ASK, '--to', 'echo'])).stderr)
      .to.include('option `--to` of `caxton message send` can\'t be given with `--acl`')
  })

  it('send --acl says where a file can\'t be read', async () => {
    const missing = await send(['--acl', '@/there/is/no/such.acl'])
    expect(missing).to.include({ code: 2 }).and.to.have.property('stderr').that.includes('there is no such file')
  })

  it('send shows programs the answers in both forms', async () => {
    const answers = [{ performative: 'inform', content: utf8('hello') }]
    const outcome = await send(['--acl', ASK, '-o', 'json'], { answers, aclAnswers: [FORM, Uint8Array.of(0xff)] })
    const data = JSON.parse(outcome.stdout) as { readonly answers: object[], readonly aclAnswers: object[] }
    expect(data.aclAnswers).to.deep.equal([{ acl: Buffer.from(FORM).toString() }, { aclBase64: '/w==' }])
    expect(data.answers[0]).to.include({ content: 'hello' })
  })

  it('watch --acl shows each message whole', async () => {
    const message = { sender: '3a', receiver: 'b', performative: 'inform', content: utf8('"\u001b') }
    const seen = { at: 1n, outcome: 'MAILBOX_FULL', message }
    const answers = { 'Messages/Watch': async function * () { yield seen } }
    const human = await runCommand(['message', 'watch', '--acl'], { answers })
    expect(human.stdout).to.equal(
      '(inform :sender (agent-identifier :name "3a") :receiver (set (agent-identifier :name b)) :content "\\"\\u001b")\n')
    expect(human.stderr).to.equal('not delivered: MAILBOX_FULL\n')
    const json = JSON.parse((await runCommand(['message', 'watch', '--acl', '-o', 'json'], { answers })).stdout) as object
    expect(json).to.have.property('acl').that.includes(':content "\\"\u001b"')
    expect(json).to.have.nested.property('message.content', '"\u001b')
  })

  it('the mark stands under the byte, also in long lines, behind wide characters and in later lines', () => {
    expect(markedLine(utf8('(inform)'), 8)).to.deep.equal(['(inform)', '        ^'])
    expect(markedLine(utf8('a\n  b\nc'), 4)).to.deep.equal(['  b', '  ^'])
    expect(markedLine(utf8('世界(x'), 6)).to.deep.equal(['世界(x', '    ^'])
    const [line = '', mark = ''] = markedLine(utf8(`${'a'.repeat(500)}(${'b'.repeat(500)}`), 500)
    expect(line).to.equal(`…${'a'.repeat(48)}(${'b'.repeat(47)}…`)
    expect(line[mark.indexOf('^')]).to.equal('(')
    expect(markedLine(utf8('\u001b\n'), 1)).to.deep.equal(['\\u001b', '      ^'])
  })
})
