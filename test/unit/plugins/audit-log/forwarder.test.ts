import { expect } from 'chai'
import { Forwarder } from '../../../../plugins/audit-log/forward/forwarder.js'
import { syslogMessage } from '../../../../plugins/audit-log/forward/syslog-message.js'
import { settled } from '../../../support/virtual-clock.js'

describe('forwarding audit records', () => {
  const scene = (most: number) => {
    const sent: string[] = []
    const lost: string[] = []
    const gate: { held: Promise<void> | undefined, fails: boolean, release: () => void, isClosed: boolean } =
      { held: undefined, fails: false, release: () => {}, isClosed: false }
    const target = {
      name: 'there',
      send: async (line: string) => {
        await gate.held
        if (gate.fails) throw new Error('nobody there')
        sent.push(line)
      },
      close: async () => { gate.isClosed = true },
    }
    return { sent, lost, gate, forwarder: new Forwarder(target, most, to => { lost.push(to) }) }
  }

  it('sends in order, and ends when all is sent', async () => {
    const { forwarder, sent, gate } = scene(10)
    for (let i = 0; i < 5; i++) forwarder.forward(`${i}`, 'intent')
    await forwarder.stop(new AbortController().signal)
    expect(sent).to.deep.equal(['0', '1', '2', '3', '4'])
    expect(gate.isClosed).to.equal(true)
  })

  it('counts what there is no room for, and never waits', async () => {
    const { forwarder, lost, gate } = scene(2)
    gate.held = new Promise(() => {})
    for (let i = 0; i < 10; i++) forwarder.forward(`${i}`, 'intent')
    await settled()
    expect(lost.length).to.be.within(7, 8)
    const over = new AbortController()
    over.abort()
    await forwarder.stop(over.signal)
    expect(lost).to.have.length.within(9, 10)
  })

  it('counts what could not be sent, and goes on with the next', async () => {
    const { forwarder, lost, sent, gate } = scene(10)
    gate.fails = true
    forwarder.forward('lost', 'intent')
    await settled()
    gate.fails = false
    forwarder.forward('sent', 'intent')
    await settled()
    expect([lost, sent]).to.deep.equal([['there'], ['sent']])
  })

  it('writes messages as RFC 5424 wants them', () => {
    const line = '{"seq":7,"time":"2030-01-01T00:00:00.000Z","event":"refused"}'
    expect(syslogMessage(line, 'refused', { nodeId: 'node 1', processId: 42 }))
      .to.equal(`<109>1 2030-01-01T00:00:00.000Z node_1 caxton 42 refused - ${line}`)
    expect(syslogMessage('{}', 'intent', { nodeId: '', processId: 1 })).to.equal('<110>1 - - caxton 1 intent - {}')
  })
})
