import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { Events, frameOf, never } from '../../../kits/transport/subject.js'
import { NodeIdentity } from '../../../support/node-identity.js'
import { quicConfig, quicNode } from '../../../support/quic-nodes.js'
import { tcpNode } from '../../../support/tcp-nodes.js'

const SILENCE = 2 * quicConfig.keepalive + quicConfig.keepalive_timeout

for (const kind of ['tcp', 'quic'] as const) {
  describe(`A link over ${kind} to another process`, () => {
    let child: ChildProcess
    let events: Events
    let transport: ReturnType<typeof tcpNode>['transport'] | ReturnType<typeof quicNode>['transport']

    beforeEach(async () => {
      child = fork(fileURLToPath(new URL('../../../support/link-process.js', import.meta.url)), [kind])
      const [port] = await once(child, 'message') as [number]
      const identity = new NodeIdentity('node-a')
      const node = kind === 'tcp' ? tcpNode('node-a', { identity }) : quicNode('node-a', { identity, config: { driver: 'libp2p' } })
      transport = node.transport
      events = new Events()
      await transport.start()
      const link = await transport.dial({ nodeId: 'node-b', host: '127.0.0.1', port }, events, never())
      link.send(frameOf(1))
      await events.until(() => events.frames.length > 0)
    })

    afterEach(async () => {
      const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
      child.kill('SIGKILL')
      await ended
      await transport.stop()
    })

    for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
      it(`ends with an error soon after the process gets ${signal}`, async () => {
        const began = performance.now()
        child.kill(signal)
        await events.until(() => events.closings.length > 0)
        expect(events.closings[0]?.error).to.have.property('code', 'TRANSPORT_LINK_LOST')
        // On a busy machine timers are late; what is promised in virtual time is tested there.
        expect(performance.now() - began).to.be.below(10 * SILENCE)
      })
    }
  })
}
