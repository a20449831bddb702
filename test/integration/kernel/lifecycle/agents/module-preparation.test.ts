import { expect } from 'chai'
import { ModulePreparation } from '../../../../../kernel/lifecycle/agents/module-preparation.js'
import { SystemClock } from '../../../../../kernel/observability/system-clock.js'

const LIMITS = { memoryBytes: 65_536, fuelPerMessage: 1, fuelPerStart: 1, messageBytes: 1_024 }
const SCRIPT = Buffer.from('numbered')

describe('preparation of modules', () => {
  it('prepares each upload once, also those that came before the worker was ready', async () => {
    const scriptEngine = (file: string): string => new URL(`../../../../support/script-engine/${file}`, import.meta.url).href
    const engine = {
      preparerModule: scriptEngine('preparer.js'), factoryModule: scriptEngine('factory.js'), settings: {}, processFlags: [],
    }
    const preparation = new ModulePreparation(engine, new SystemClock(), 5_000)
    preparation.start()
    const prepare = async (): Promise<unknown> => (await preparation.prepare(SCRIPT, [], LIMITS)).artefact
    expect(await Promise.all([prepare(), prepare()])).to.deep.equal(['numbered 0', 'numbered 1'])
    await preparation.stop()
  })
})
