import { expect } from 'chai'
import { parse, parseAllDocuments } from 'yaml'
import {
  DocumentTerminal, jsonNotation, yamlNotation,
} from '../../../../../kernel/command/terminal/document-terminal.js'
import { MessageStream } from '../../../../../kernel/command/terminal/message-stream.js'
import { TextStream } from '../../../../support/command/text-stream.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

const data = { name: 'echo\u001b[2J\u009b', count: 12n, text: 'a: b\nc', yes: 'no', 日本: '→' }
const messages = new MessageStream(new TextStream(), new VirtualClock(), false)

describe('document-terminal', () => {
  it('prints one indented JSON document for an answer and one line for each item', () => {
    const output = new TextStream()
    const terminal = new DocumentTerminal(output, messages, jsonNotation)
    terminal.record([], data)
    expect(JSON.parse(output.text)).to.deep.equal({ ...data, count: '12' })
    expect(output.lines[1]).to.match(/^ {2}"name"/)
    expect(output.text).not.to.match(/[\u001b\u009b]/)
    output.text = ''
    terminal.item('ignored', data)
    terminal.item('ignored', data)
    expect(output.lines.map((line): unknown => JSON.parse(line))).to.have.length(2)
  })

  it('prints YAML that means the same and holds nothing that a terminal obeys', async () => {
    const output = new TextStream()
    const terminal = new DocumentTerminal(output, messages, await yamlNotation())
    terminal.table([], [], data)
    expect(parse(output.text)).to.deep.equal({ ...data, count: '12' })
    expect(output.text).not.to.match(/[\u001b\u009b]/)
    output.text = ''
    terminal.item('ignored', data)
    terminal.item('ignored', data)
    expect(parseAllDocuments(output.text)).to.have.length(2)
  })
})
