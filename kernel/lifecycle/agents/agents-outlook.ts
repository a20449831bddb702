import type { AgentsConfiguration } from '../configuration/kernel-schema.js'
import { readPolicyFile } from './policy-file.js'
import { TrustedKeys } from './trusted-keys.js'

type Chosen = Pick<AgentsConfiguration, 'policy_file' | 'trusted_keys' | 'require_signed'>

/**
 * What a start would make of the files that the section `agents` names. Throws what the start would: `AGENT_POLICY_INVALID`,
 * `TRUSTED_KEY_INVALID`.
 */
export async function agentsOutlook (agents: Chosen): Promise<string> {
  const { policy_file: file, trusted_keys: keys, require_signed: isRequired } = agents
  const trusted = new TrustedKeys(keys)
  await trusted.open()
  const policy = file === undefined ? undefined : (await readPolicyFile(file)).policy
  const count = policy?.rules.length ?? 0
  const rules = policy === undefined ? 'every agent may write to every other'
    : `${count} ${count === 1 ? 'rule says' : 'rules say'} who may write to whom (${file}), else ${policy.otherwise}`
  const modules = keys.length === 0 ? 'modules need no signature'
    : `modules ${isRequired ? 'must be' : 'may be'} signed by ${trusted.names().join(', ')}`
  return `${rules}; ${modules}`
}
