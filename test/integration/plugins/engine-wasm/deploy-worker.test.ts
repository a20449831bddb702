import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import type { PreparedModule } from '../../../../kernel/contract/index.js'
import { WasmEngine } from '../../../../plugins/engine-wasm/engine.js'
import { createFactory } from '../../../../plugins/engine-wasm/guest-factory.js'
import { assembleAgent } from '../../../support/wasm/assemble.js'
import { TEST_LIMITS } from '../../../support/wasm/deploy.js'
import { RecordingHost } from '../../../support/wasm/recording-host.js'

// It listens, as the server's does: a compilation alone does not keep a thread alive.
const WORKER = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { url, settings } = workerData
  parentPort.on('message', ({ bytes, limits }) => {
    import(url)
      .then(module => module.createPreparer(settings))
      .then(preparer => preparer.prepare(bytes, ['send'], limits))
      .then(prepared => parentPort.postMessage(prepared))
  })`

describe('engine-wasm: the deploy worker', () => {
  it('prepares a module in another thread and hands it over compiled', async () => {
    const engine = new WasmEngine({
      module_max_bytes: 1 << 20, function_max_bytes: 65_536, table_max_entries: 100, log_max_bytes: 1_000,
    })
    const bytes = await assembleAgent({
      imports: '(import "caxton" "send" (func $send (param i32 i32) (result i32)))',
      handle: '(call $send (local.get $pointer) (local.get $length))',
    })
    const worker = new Worker(WORKER, { eval: true, workerData: { url: engine.preparerModule, settings: engine.settings } })
    try {
      worker.postMessage({ bytes, limits: TEST_LIMITS })
      const [prepared] = await once(worker, 'message') as [PreparedModule]
      expect(prepared.uses).to.deep.equal(['send'])
      const host = new RecordingHost()
      const guest = (await createFactory(engine.settings)).create(prepared.artefact, host, TEST_LIMITS)
      expect(guest.start(new Uint8Array(0))).to.equal(0)
      expect(guest.handle(Uint8Array.of(1, 2, 3), 0, 3)).to.equal(0)
      expect(host.frames).to.deep.equal([Uint8Array.of(1, 2, 3)])
    } finally {
      await worker.terminate()
    }
  }).timeout(10_000)
})
