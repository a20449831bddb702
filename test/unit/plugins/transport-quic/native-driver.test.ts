import { expect } from 'chai'
import { NativeDriver } from '../../../../plugins/transport-quic/native/native-driver.js'
import type { NativeClient, NativeConnection, NativeQuic, NativeServer } from '../../../../plugins/transport-quic/native/native-quic.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

/** A port that gives no connection, and says so at once. */
class BrokenServer implements NativeServer {
  asked = 0

  port (): number {
    return 7947
  }

  inboundConnection (): Promise<NativeConnection> {
    this.asked += 1
    return Promise.reject(new Error('the port is broken'))
  }

  abort (): Promise<void> {
    return Promise.resolve()
  }
}

class NoClient implements NativeClient {
  outboundConnection (): Promise<NativeConnection> {
    return Promise.reject(new Error('nobody is there'))
  }

  abort (): void {}
}

describe('NativeDriver', () => {
  const settings = { connect_timeout: 1000, keepalive: 1000, keepalive_timeout: 1000 }

  it('asks a port that fails less and less often, at least four times a second, and no more once it is closed', async () => {
    const clock = new VirtualClock()
    const servers: BrokenServer[] = []
    const native: NativeQuic = {
      QuinnConfig: class {},
      Server: class extends BrokenServer {
        constructor () {
          super()
          servers.push(this)
        }
      },
      Client: NoClient,
    }
    const driver = new NativeDriver(native, settings, clock)
    const { close } = await driver.serve('127.0.0.1', 0, () => {})
    const [server] = servers
    await clock.pass(1500)
    expect(server?.asked).to.be.within(9, 15)
    const before = server?.asked ?? 0
    await clock.pass(10_000)
    expect((server?.asked ?? 0) - before).to.be.within(39, 41)
    await close()
    const last = server?.asked
    await clock.pass(10_000)
    expect(server?.asked).to.equal(last)
    await driver.stop()
  })
})
