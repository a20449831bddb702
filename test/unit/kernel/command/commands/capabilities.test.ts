import { expect } from 'chai'
import { runCommand } from '../../../../support/command/run-command.js'

const SELL = {
  name: 'sell', version: '1.2.0', agent: 'seller', description: 'Sells.', inputSchema: '{"type":"object"}', costs: { coins: 2 },
  protocols: ['fipa-contract-net'],
}

describe('capabilities commands', () => {
  it('list shows who offers what', async () => {
    const answers = { 'Capabilities/List': () => ({ capabilities: [SELL], total: 3 }) }
    const outcome = await runCommand(['capabilities', 'list', '--prefix', 's', '--agent', 'seller', '--limit', '1'], { answers })
    expect(outcome.connector.asked[0]?.request).to.include({ prefix: 's', agent: 'seller', limit: 1 })
    expect(outcome.stdout).to.match(/NAME +VERSION +AGENT +DESCRIPTION\nsell +1\.2\.0 +seller +Sells\.\n/)
    expect(outcome.stderr).to.contain('1 of 3')
  })

  it('show tells everything about one, in the version that is asked for', async () => {
    const answers = { 'Capabilities/Show': () => ({ capabilities: [SELL] }) }
    const outcome = await runCommand(['capabilities', 'show', 'sell@^1'], { answers })
    expect(outcome.connector.asked[0]?.request).to.include({ name: 'sell', version: '^1' })
    for (const part of ['seller, version 1.2.0', 'Sells.', '{"type":"object"}', '2 coins', 'fipa-contract-net']) {
      expect(outcome.stdout).to.contain(part)
    }
    expect(outcome.stdout).not.to.contain('gives')
  })

  it('watch shows what comes and goes, a line each', async () => {
    const answers = {
      async * 'Capabilities/Watch' () {
        yield { change: 1, capability: SELL, at: 0n }
        yield { change: 2, capability: SELL, at: 0n, skipped: 2n }
      },
    }
    const outcome = await runCommand(['capabilities', 'watch', 'sell'], { answers })
    expect(outcome.connector.asked[0]?.request).to.include({ name: 'sell' })
    const lines = outcome.stdout.split('\n').map(line => line.replace(/^\S+ /, ''))
    expect(lines).to.deep.equal(['+ sell 1.2.0  seller', '- sell 1.2.0  seller', ''])
    expect(outcome.stderr).to.contain('2 changes were not shown')
  })
})
