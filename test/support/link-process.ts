import { Events } from '../kits/transport/subject.js'
import { NodeIdentity } from './node-identity.js'
import { quicNode } from './quic-nodes.js'
import { tcpNode } from './tcp-nodes.js'

/** A node in a process of its own, for tests that stop and kill it: tells its port, echoes, and ends with its parent. */
const [kind] = process.argv.slice(2)
const identity = new NodeIdentity('node-b')
const { transport } = kind === 'tcp' ? tcpNode('node-b', { identity }) : quicNode('node-b', { identity, config: { driver: 'libp2p' } })
const events = new Events()
events.onFrame = (link, frame) => { link.send(frame) }
await transport.start()
const { port } = await transport.serve(events)
process.on('disconnect', () => { process.exit() })
process.send?.(port)
