import { expect } from 'chai'
import { PolicyFile } from '../../../../../kernel/lifecycle/agents/policy-file.js'
import type { AgentPolicy } from '../../../../../kernel/routing/permissions/policy-rules.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('the file of the policy for agents', () => {
  let clock: VirtualClock
  let text: string | undefined
  let adopted: AgentPolicy[]
  let log: RecordingLogger

  beforeEach(() => {
    clock = new VirtualClock()
    log = new RecordingLogger()
    text = 'default = "deny"'
    adopted = []
  })

  const policyFile = (file: string | undefined = 'policy.toml'): PolicyFile => new PolicyFile({
    file, clock, log,
    adopt: policy => { adopted.push(policy) },
    read: async () => {
      if (text === undefined) throw new Error('no such file')
      return Buffer.from(text)
    },
  })

  const defaults = (): string[] => adopted.map(({ otherwise }) => otherwise)

  it('is in force from the start, and again when it has changed', async () => {
    const file = policyFile()
    await file.start()
    await clock.pass(10_000)
    expect(defaults()).to.deep.equal(['deny'])
    text = 'default = "allow"'
    await clock.pass(10_000)
    expect(defaults()).to.deep.equal(['deny', 'allow'])
    await file.stop()
    text = 'default = "deny"'
    await clock.pass(10_000)
    expect(defaults()).to.deep.equal(['deny', 'allow'])
  })

  it('keeps the server from starting when it is missing or makes no sense', async () => {
    for (const bad of [undefined, 'default = 1']) {
      text = bad
      const error: unknown = await policyFile().start().catch((thrown: unknown) => thrown)
      expect(error).to.have.property('code', 'AGENT_POLICY_INVALID')
    }
    expect(adopted).to.deep.equal([])
  })

  it('stays in force as it was when it makes no sense any more, which is said once, and shown', async () => {
    const file = policyFile()
    await file.start()
    for (const bad of [undefined, 'default = 1']) {
      text = bad
      await clock.pass(10_000)
      expect(file.health()).to.have.property('state', 'degraded')
    }
    expect(log.lines.filter(({ level }) => level === 'error')).to.have.length(2)
    text = 'default = "deny"'
    await clock.pass(10_000)
    expect([defaults(), file.health().state]).to.deep.equal([['deny'], 'ready'])
    await file.stop()
  })

  it('need not be', async () => {
    const file = new PolicyFile({ file: undefined, clock, log, adopt: () => { throw new Error('there is none') } })
    await file.start()
    expect(file.health().state).to.equal('ready')
  })
})
