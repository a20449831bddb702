import { loadWebTransport } from '../../../plugins/transport-quic/web-transport/web-transport-library.js'
import { transportKit } from '../../kits/transport.js'
import { mochaRunner, type KitRunner } from '../../kits/runner.js'
import { quicNodes } from '../../support/quic-nodes.js'

const teardown = async (): Promise<void> => {}

/** Shows every test as skipped where the native part of HTTP/3 is not installed. */
function whereInstalled (): KitRunner {
  const runner = mochaRunner()
  return {
    ...runner,
    describe: (name, body) => {
      runner.describe(name, () => {
        before(async function () {
          await loadWebTransport(true).catch(() => { this.skip() })
        })
        body()
      })
    },
  }
}

const h3 = { setup: async () => quicNodes('webtransport-h3', true), teardown }

transportKit('quic (libp2p) without certificates', { setup: async () => quicNodes('libp2p', false), teardown })
transportKit('quic (libp2p) with certificates', { setup: async () => quicNodes('libp2p', true), teardown })
transportKit('quic (webtransport-h2) with certificates', { setup: async () => quicNodes('webtransport-h2', true), teardown })
transportKit('quic (webtransport-h3) with certificates', h3, whereInstalled())
