import { expect } from 'chai'
import { kernelSchema } from '../../../../../kernel/lifecycle/configuration/kernel-schema.js'
import { readKernelSections } from '../../../../../kernel/lifecycle/configuration/kernel-sections.js'
import type { Problem } from '../../../../../kernel/lifecycle/configuration/problem.js'
import { parseToml } from '../../../../../kernel/lifecycle/configuration/toml-file.js'
import { schemaComplaints } from '../../../../../kernel/lifecycle/plugins/schema-shape.js'

describe('the kernel\'s sections', () => {
  let problems: Problem[]

  beforeEach(() => { problems = [] })

  const read = (text: string) => readKernelSections(
    parseToml(Buffer.from(text), 'x.toml', problems), 'here',
    { path: '', folder: '/etc', phase: 'configure', problems })

  it('are complete without a file, in the program\'s units', () => {
    const { node, agents, server } = read('')
    expect(problems).to.deep.equal([])
    expect(node).to.deep.equal({ id: 'here', zone: 'default', data_dir: '/var/lib/caxton' })
    expect(agents).to.include({ max: 10_000, memory: 16 * 2 ** 20, deploy_timeout: 5000, strike_window: 10_000 })
    expect(server).to.deep.equal({ start_timeout: 30_000, drain_timeout: 30_000, stop_timeout: 10_000 })
  })

  it('take a path from the folder of the file', () => {
    expect(read('[node]\ndata_dir = "data"').node.data_dir).to.equal('/etc/data')
  })

  it('refuse a name that could not be used everywhere', () => {
    read('[node]\nid = "a b"\nzone = ""')
    expect(problems.map(({ path }) => path)).to.deep.equal(['node.id', 'node.zone'])
  })

  it('refuse a default that is above the most that may be asked for', () => {
    read('[agents]\nmemory = "1GiB"\nmessage_size = "512KiB"\nmessage_size_max = "64KiB"\nrestart_delay = "1m"')
    expect(problems.map(({ message }) => message)).to.deep.equal([
      'agents.memory: 1GiB is more than agents.memory_max, which is 256MiB',
      'agents.message_size: 512KiB is more than agents.message_size_max, which is 64KiB',
      'agents.restart_delay: 1m is more than agents.restart_delay_max, which is 30s',
    ])
  })

  it('refuse permissions that are none, and usual ones beyond the most that may be granted', () => {
    read('[agents]\npermissions = ["send", "fly"]\npermissions_max = ["timer:1"]')
    read('[agents]\npermissions_max = ["send:shop-*", "log"]\npermissions = ["log", "send:*"]')
    expect(problems.map(({ message }) => message)).to.deep.equal([
      'agents.permissions: "fly" is none of send, publish, self, lookup, register, subscribe, now, random, timer, log, call',
      'agents.permissions_max: "timer:1" has a pattern, which "timer" can\'t have',
      'agents.permissions: "send:*" is not contained in agents.permissions_max',
    ])
  })

  it('refuse a value where a section belongs', () => {
    read('node = 1')
    expect(problems.map(({ message }) => message)).to.deep.equal(['node: expected a table, found a number'])
  })

  it('are bounded: 20,001 agents, no agents and a sample above one are refused', () => {
    read('[agents]\nmax = 20001')
    read('[agents]\nmax = 0')
    read('[tracing]\nsample_rate = 1.5')
    expect(problems.map(({ path }) => path)).to.deep.equal(['agents.max', 'agents.max', 'tracing.sample_rate'])
  })

  it('have well-formed schemas with defaults of their own formats', () => {
    for (const schema of Object.values(kernelSchema)) expect(schemaComplaints(schema)).to.deep.equal([])
  })
})
