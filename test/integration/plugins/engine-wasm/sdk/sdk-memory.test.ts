import { expect } from 'chai'
import { AgentHarness } from '../../../../support/agent-harness.js'
import { exampleModule } from '../../../../support/compiled-agents.js'

describe('Memory of an agent built with the AssemblyScript SDK', function () {
  this.timeout(60_000)

  it('is two pages in use when the agent is small, also after it has answered', () => {
    const module = exampleModule('echo')
    if (module === undefined) throw new Error('the example was not built')
    const agent = new AgentHarness(module)
    agent.start()
    for (let count = 0; count < 100; count++) agent.ask({ act: 'request', sender: 5n, content: '{"n":1}'.repeat(20) })
    expect(agent.memoryBytes).to.equal(65_536)
    expect(agent.pagesInUse).to.equal(2)
  })

  it('grows when more is needed', () => {
    const module = exampleModule('echo')
    if (module === undefined) throw new Error('the example was not built')
    const agent = new AgentHarness(module)
    agent.start()
    const long = 'x'.repeat(60_000)
    expect(agent.ask({ act: 'request', sender: 5n, content: long }).content).to.equal(long)
    expect(agent.ask({ act: 'request', sender: 5n, content: 'short' }).content).to.equal('short')
  })
})
