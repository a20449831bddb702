import { once } from 'node:events'
import { connect } from 'node:tls'
import { expect } from 'chai'
import { openConnector } from '../../../../plugins/api-grpc/grpc-connector.js'
import { startGrpcServer } from '../../../support/grpc-server.js'
import { NodeIdentity } from '../../../support/node-identity.js'
import { strangerService } from '../../../support/stranger-service.js'
import { TestAuthority } from '../../../support/test-authority.js'
import { until } from '../../../support/until.js'

const SERVICE = strangerService([{ name: 'Read', right: 'notes:read' }])
const READ = SERVICE.method.read ?? expect.fail('no method')
const CLIENTS = 4
/** Calls that each client makes under each certificate. */
const CALLS = 20

describe('gRPC face while its certificate is replaced', () => {
  it('loses no call, on open connections and on new ones, and shows the new certificate at once', async () => {
    const authority = await TestAuthority.make()
    const identity = new NodeIdentity('node-1', await authority.credentials('node-1'))
    const server = await startGrpcServer({ services: [{ service: SERVICE, handlers: { read: async () => ({ count: 1 }) } }], identity })
    const target = { address: server.address, trust: authority.trust }
    const lasting = Array.from({ length: CLIENTS }, () => openConnector(target))
    let [made, failed, over] = [0, 0, false]
    const count = async (work: Promise<unknown>): Promise<void> => {
      await work.catch(() => { failed += 1 })
      made += 1
    }
    const callers = lasting.map(async connector => { while (!over) await count(connector.unary(READ, {})) })
    const comers = (async () => {
      while (!over) {
        const connector = openConnector(target)
        await count(connector.unary(READ, {}))
        connector.close()
      }
    })()
    const serials = new Set<string>()
    try {
      for (let renewal = 0; renewal < 4; renewal++) {
        const goal = made + CLIENTS * CALLS
        await until(() => made >= goal)
        identity.replace(await authority.credentials('node-1'))
        serials.add(await serialAt(server.address, authority.trust))
      }
    } finally {
      over = true
      await Promise.all([...callers, comers])
      for (const connector of lasting) connector.close()
      await server.stop()
    }
    expect(failed).to.equal(0)
    expect(serials.size).to.equal(4)
  })
})

async function serialAt (address: string, ca: string): Promise<string> {
  const [host = '', port] = address.split(':')
  const socket = connect({ host, port: Number(port), ca, ALPNProtocols: ['h2'] })
  await once(socket, 'secureConnect')
  const { serialNumber } = socket.getPeerCertificate()
  socket.destroy()
  return serialNumber
}
