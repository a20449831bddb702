import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { agentsOutlook } from '../../../../../kernel/lifecycle/agents/agents-outlook.js'
import { codeOf } from '../../../../support/code-of.js'
import { TemporaryFolder } from '../../../../support/temporary-folder.js'

describe('what a check says of the files for agents', () => {
  let folder: TemporaryFolder
  beforeEach(() => { folder = new TemporaryFolder() })
  afterEach(() => folder.remove())

  const written = (name: string, text: string): string => {
    writeFileSync(folder.file(name), text)
    return folder.file(name)
  }

  it('is that nothing is limited where there are none', async () => {
    expect(await agentsOutlook({ policy_file: undefined, trusted_keys: [], require_signed: false }))
      .to.equal('every agent may write to every other; modules need no signature')
  })

  it('is what they say', async () => {
    const policy = written('policy.toml', 'default = "deny"\n\n[[rules]]\nfrom = ["a"]\nto = ["b"]\neffect = "allow"\n')
    const key = written('ann.pem', generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString())
    expect(await agentsOutlook({ policy_file: policy, trusted_keys: [key], require_signed: true }))
      .to.equal(`1 rule says who may write to whom (${policy}), else deny; modules must be signed by ann`)
  })

  it('is why the server would not start', async () => {
    const [policy, key] = [written('policy.toml', 'default = "perhaps"\n'), written('ann.pem', 'no key')]
    const [badPolicy, badKey] = [{ policy_file: policy, trusted_keys: [] }, { policy_file: undefined, trusted_keys: [key] }]
    expect(await codeOf(agentsOutlook({ ...badPolicy, require_signed: false }))).to.equal('AGENT_POLICY_INVALID')
    expect(await codeOf(agentsOutlook({ ...badKey, require_signed: false }))).to.equal('TRUSTED_KEY_INVALID')
  })
})
