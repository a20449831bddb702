import { expect } from 'chai'
import { AgentLogs } from '../../../../../kernel/lifecycle/agents/agent-logs.js'
import { settled } from '../../../../support/virtual-clock.js'

const texts = (lines: ReadonlyArray<{ readonly text: string }>): string[] => lines.map(({ text }) => text)

describe('the logs of agents', () => {
  it('give the latest lines of an agent, oldest first', () => {
    const logs = new AgentLogs()
    for (let line = 0; line < 5; line++) logs.add('echo', line, line % 4, `line ${line}`)
    expect(texts(logs.latest('echo', 2))).to.deep.equal(['line 3', 'line 4'])
    expect(logs.latest('echo', 5).map(({ level }) => level)).to.deep.equal(['debug', 'info', 'warn', 'error', 'debug'])
    expect([logs.latest('echo', 0), logs.latest('other', 5)]).to.deep.equal([[], []])
  })

  it('keep a thousand lines of one agent', () => {
    const logs = new AgentLogs()
    for (let line = 0; line < 1_005; line++) logs.add('echo', 0, 1, `line ${line}`)
    const all = texts(logs.latest('echo', 5_000))
    expect([all.length, all[0], all.at(-1)]).to.deep.equal([1_000, 'line 5', 'line 1004'])
  })

  it('are bounded in bytes: the agent that was silent longest loses its oldest lines', () => {
    const logs = new AgentLogs(100_000)
    for (const name of ['silent', 'other']) for (let line = 0; line < 5; line++) logs.add(name, 0, 1, `${line}`.repeat(4_096))
    for (let line = 0; line < 10; line++) logs.add('lively', 0, 1, `${line}`.repeat(4_096))
    expect(logs.heldBytes).to.be.at.most(100_000)
    expect([logs.latest('silent', 9).length, logs.latest('other', 9).length, logs.latest('lively', 99).length]).to.deep.equal([0, 2, 10])
  })

  it('hold at most 32 MiB for any number of agents with lines of any length', () => {
    const logs = new AgentLogs()
    const line = 'x'.repeat(4_096)
    for (let agent = 0; agent < 200; agent++) for (let count = 0; count < 50; count++) logs.add(`agent-${agent}`, 0, 1, line)
    expect(logs.heldBytes).to.be.within(30 * 2 ** 20, 32 * 2 ** 20)
  })

  it('account for nothing of an agent that was forgotten', () => {
    const logs = new AgentLogs()
    for (let line = 0; line < 1_500; line++) logs.add('echo', 0, 1, `line ${line}`)
    logs.forget('echo')
    logs.forget('echo')
    expect([logs.heldBytes, logs.latest('echo', 5)]).to.deep.equal([0, []])
  })

  it('go on for whoever follows, until they leave', async () => {
    const logs = new AgentLogs()
    const leaving = new AbortController()
    logs.add('echo', 0, 1, 'before')
    const seen: string[] = []
    const following = (async () => { for await (const { text } of logs.follow('echo', 10, leaving.signal)) seen.push(text) })()
    await settled()
    logs.add('echo', 0, 1, 'after')
    logs.add('other', 0, 1, 'of another')
    await settled()
    leaving.abort()
    await following
    expect(seen).to.deep.equal(['before', 'after'])
  })
})
