import { expect } from 'chai'
import { AgentEngineToken, injectionNotes, PluginConfig } from '../../../../kernel/contract/index.js'
import { WasmEngine } from '../../../../plugins/engine-wasm/engine.js'
import { createFactory, WasmGuestFactory } from '../../../../plugins/engine-wasm/guest-factory.js'
import plugin from '../../../../plugins/engine-wasm/plugin.js'
import { DEFAULT_SETTINGS, readSettings } from '../../../../plugins/engine-wasm/wasm-settings.js'
import { RecordingHost } from '../../../support/wasm/recording-host.js'
import { TEST_LIMITS } from '../../../support/wasm/deploy.js'

const CONFIG = { module_max_bytes: 1, function_max_bytes: 2, table_max_entries: 3, log_max_bytes: 4 }

describe('engine-wasm: the plugin', () => {
  it('provides the engine', async () => {
    expect(plugin.name).to.equal('engine-wasm')
    expect(plugin.provides).to.deep.equal([AgentEngineToken])
    expect(await plugin.main?.()).to.equal(WasmEngine)
    expect(injectionNotes(WasmEngine)).to.deep.equal([PluginConfig])
  })

  it('names every error once', () => {
    const codes = plugin.errors?.map(entry => entry.code) ?? []
    expect(new Set(codes).size).to.equal(codes.length)
    expect(codes).to.include('INVALID_WASM')
  })

  it('points at modules that export what the kernel imports from them', async () => {
    const engine = new WasmEngine(CONFIG)
    expect(await import(engine.preparerModule)).to.have.property('createPreparer').that.is.a('function')
    expect(await import(engine.factoryModule)).to.have.property('createFactory').that.is.a('function')
    expect(engine.processFlags).to.deep.equal(['--disable-wasm-trap-handler'])
  })

  it('takes its settings through structured clone', () => {
    const { settings } = new WasmEngine(CONFIG)
    expect(readSettings(structuredClone(settings)))
      .to.deep.equal({ moduleBytes: 1, functionBytes: 2, tableEntries: 3, logBytes: 4 })
  })

  it('falls back to the defaults where a setting is missing or no number', () => {
    expect(readSettings(undefined)).to.deep.equal(DEFAULT_SETTINGS)
    expect(readSettings({ moduleBytes: 'much', logBytes: 1.5 })).to.deep.equal(DEFAULT_SETTINGS)
  })

  it('refuses an artefact of somebody else', async () => {
    const factory = await createFactory(undefined)
    expect(factory).to.be.instanceOf(WasmGuestFactory)
    expect(() => factory.create({ module: 1 }, new RecordingHost(), TEST_LIMITS)).to.throw(TypeError, 'engine-wasm')
  })
})
