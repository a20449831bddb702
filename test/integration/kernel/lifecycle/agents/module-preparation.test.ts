import { expect } from 'chai'
import { ModulePreparation } from '../../../../../kernel/lifecycle/agents/module-preparation.js'
import { SystemClock } from '../../../../../kernel/observability/system-clock.js'
import { scriptEngine } from '../../../../support/script-engine/script-engine.js'

const LIMITS = { memoryBytes: 65_536, fuelPerMessage: 1, fuelPerStart: 1, messageBytes: 1_024 }
describe('preparation of modules', () => {
  let preparation: ModulePreparation

  beforeEach(() => {
    preparation = new ModulePreparation(scriptEngine(), new SystemClock(), 5_000)
    preparation.start()
  })
  afterEach(() => preparation.stop())

  it('prepares each upload once, also those that came before the worker was ready', async () => {
    const prepare = async (): Promise<unknown> => (await preparation.prepare(Buffer.from('numbered'), [], LIMITS)).artefact
    expect(await Promise.all([prepare(), prepare()])).to.deep.equal(['numbered 0', 'numbered 1'])
  })

  it('hands on that a module is sound before it says what became of it', async () => {
    const steps: string[] = []
    const prepare = (script: string): Promise<void> =>
      preparation.prepare(Buffer.from(script), [], LIMITS, () => { steps.push(`${script} is sound`) })
        .then(() => { steps.push(`${script} is prepared`) }, () => { steps.push(`${script} is refused`) })
    await Promise.all([prepare('sound echo'), prepare('sound bad'), prepare('echo')])
    expect(steps).to.deep.equal([
      'sound echo is sound', 'sound echo is prepared', 'sound bad is sound', 'sound bad is refused', 'echo is prepared',
    ])
  })
})
