import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { parse } from 'yaml'
import { ROOT } from '../../support/compiled-agents.js'
import { hasPrometheus, promtool } from '../../support/prometheus-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'

const ALERTS = join(ROOT, 'config/observability/caxton-alerts.yml')
const SCENARIOS = join(ROOT, 'test/fixtures/observability/caxton-alerts.test.yml')

interface Rules {
  readonly groups: ReadonlyArray<{ readonly rules: ReadonlyArray<{
    readonly alert: string, readonly labels: { readonly severity: string }, readonly annotations: Readonly<Record<string, string>>
  }> }>
}

describe('The alerts', () => {
  const folder = new TemporaryFolder()
  before(function () { if (!hasPrometheus()) this.skip() })
  after(() => folder.remove())

  it('are rules to which promtool has no objection', () => {
    expect(promtool(['check', 'rules', ALERTS]).code).to.equal(0)
  })

  it('wake somebody when a server goes wrong, each for its reason, and nobody when it is well', () => {
    const scenarios = readFileSync(SCENARIOS, 'utf8')
    writeFileSync(folder.file('scenarios.yml'), scenarios.replace('[RULES]', `[${ALERTS}]`))
    const { code, said } = promtool(['test', 'rules', folder.file('scenarios.yml')])
    expect(code, said).to.equal(0)
    for (const { alert } of rules()) expect(scenarios, `no scenario has ${alert}`).to.include(alert)
  })

  it('say what is wrong, what to do, and how soon', () => {
    for (const { alert, labels, annotations } of rules()) {
      expect(['page', 'ticket'], alert).to.include(labels.severity)
      expect(Object.keys(annotations), alert).to.deep.equal(['summary', 'action'])
    }
  })

  const rules = (): Rules['groups'][number]['rules'] => (parse(readFileSync(ALERTS, 'utf8')) as Rules).groups.flatMap(group => group.rules)
})
