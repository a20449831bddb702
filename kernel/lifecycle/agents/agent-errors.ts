import { defineError } from '../../contract/index.js'

export const AgentNameInvalid = defineError({
  code: 'AGENT_NAME_INVALID',
  kind: 'invalid',
  meaning: 'Agents are called by 1 to 255 letters, digits, ".", "_" and "-", beginning with a letter or a digit.',
  remedy: 'Choose another name, for example with `--name echo`.',
  sentence: (d: { name: string }) => `"${d.name.slice(0, 64)}" cannot be the name of an agent`,
})

export const AgentNameReserved = defineError({
  code: 'AGENT_NAME_RESERVED',
  kind: 'invalid',
  meaning: 'Some names stand for the server itself: `caxton`, `caller`, `df` (the directory facilitator) and `ams`.',
  remedy: 'Choose another name, for example with `--name echo`.',
  sentence: (d: { name: string }) => `"${d.name}" is a name of the server's own`,
})

export const AgentAlreadyExists = defineError({
  code: 'AGENT_ALREADY_EXISTS',
  kind: 'exists',
  meaning: 'An agent of that name is deployed with another module, or with other settings.',
  remedy: 'Deploy with `--replace` to put the new one in its place, or choose another name.',
  sentence: (d: { name: string, node?: string }) =>
    `there is an agent "${d.name}" already${d.node === undefined ? '' : ` on ${d.node}`}, and it differs`,
})

export const ManifestInvalid = defineError({
  code: 'MANIFEST_INVALID',
  kind: 'invalid',
  meaning: 'Something that the operator decides about an agent is not possible.',
  remedy: 'Correct the setting that is named.',
  sentence: (d: { setting: string, problem: string }) => `the agent's ${d.setting} is not valid: ${d.problem}`,
})

export const PermissionNotGrantable = defineError({
  code: 'PERMISSION_NOT_GRANTABLE',
  kind: 'denied',
  meaning: 'The operator of this server grants the permission to no agent: `agents.permissions_max` does not contain it.',
  remedy: 'Deploy without it (`--deny`), or with a narrower pattern (`--allow send:shop-*`), or widen `agents.permissions_max`.',
  sentence: (d: { permission: string }) => `this server grants no agent the permission "${d.permission}"`,
})

export const ModuleUnsigned = defineError({
  code: 'MODULE_UNSIGNED',
  kind: 'denied',
  meaning: 'Only modules run here that somebody signed whom the operator trusts (`agents.require_signed`), and nobody signed this one.',
  remedy: 'Sign it with `caxton agents sign MODULE --key FILE`; `caxton agents deploy` takes the signature that lies beside the module.',
  sentence: (d: { name: string }) => `the module of the agent "${d.name}" is not signed`,
})

export const ModuleSignerUntrusted = defineError({
  code: 'MODULE_SIGNER_UNTRUSTED',
  kind: 'denied',
  meaning: 'The module is signed with a key that is none of `agents.trusted_keys` on this node, and only modules run that those signed.',
  remedy: 'Have it signed by somebody who is trusted, or add the public key to `agents.trusted_keys` and start the server again.',
  sentence: (d: { name: string, key: string }) =>
    `the module of the agent "${d.name}" is signed with the key ${d.key}, which nobody trusts here`,
})

export const ModuleSignatureInvalid = defineError({
  code: 'MODULE_SIGNATURE_INVALID',
  kind: 'denied',
  meaning: 'The signature of the module does not belong to it: the module was changed or built anew since, or the signature is another\'s.',
  remedy: 'Sign the module as it is now with `caxton agents sign`. If nobody built it anew, find out who changed it.',
  sentence: (d: { name: string, signer: string }) =>
    `the signature of "${d.signer}" does not belong to the module of the agent "${d.name}"`,
})

export const TrustedKeyInvalid = defineError({
  code: 'TRUSTED_KEY_INVALID',
  kind: 'invalid',
  meaning: 'A file of `agents.trusted_keys` can\'t be read, or holds no public key for Ed25519 in PEM form.',
  remedy: 'Name the `.pub` file that `caxton security gen-signing-key` made.',
  sentence: (d: { file: string, problem: string }) => `${d.file} gives no key to trust: ${d.problem}`,
})

export const AgentPolicyInvalid = defineError({
  code: 'AGENT_POLICY_INVALID',
  kind: 'invalid',
  meaning: 'The file with the policy for agents, `agents.policy_file`, can\'t be read or makes no sense.',
  remedy: 'Correct what is named; docs/security.md says what a policy looks like.',
  sentence: (d: { file: string, problems: readonly string[] }) =>
    `the policy for agents in ${d.file} can't be used: ${d.problems.join('; ')}`,
})

export const ModuleAltered = defineError({
  code: 'MODULE_ALTERED',
  kind: 'internal',
  meaning: 'The code of the agent, from the store or from another node, is not the code that was deployed: its hash is another.',
  remedy: 'Deploy the agent again, and find out who changed its code: look at the disks and at the nodes of the cluster.',
  sentence: (d: { name: string, expected: string, found: string }) =>
    `the code of the agent "${d.name}" has the hash ${d.found.slice(0, 16)}… instead of ${d.expected.slice(0, 16)}…`,
})

export const ModuleTooLarge = defineError({
  code: 'MODULE_TOO_LARGE',
  kind: 'invalid',
  meaning: 'The uploaded module is larger than this server accepts.',
  remedy: 'Build the module with optimisation and without debug information, or raise `agents.module_size`.',
  sentence: (d: { limit: number }) => `the module has more than ${d.limit} bytes`,
})

export const DeployTimeout = defineError({
  code: 'DEPLOY_TIMEOUT',
  kind: 'exhausted',
  meaning: 'Checking and compiling the module took longer than allowed; it was given up.',
  remedy: 'Use smaller functions with fewer local variables, or raise `agents.deploy_timeout`.',
  sentence: (d: { milliseconds: number }) => `the module could not be compiled within ${d.milliseconds} ms`,
})

export const DeployFailed = defineError({
  code: 'DEPLOYMENT_FAILED',
  kind: 'invalid',
  meaning: 'The module was accepted, but the agent could not start: it trapped, used up its fuel, or refused.',
  remedy: 'Correct the agent\'s start code; if it is sound but has much to do, raise `agents.fuel_per_start`.',
  sentence: (d: { name: string, reason: string }) => `the agent "${d.name}" could not start: ${d.reason}`,
})

export const TooManyAgents = defineError({
  code: 'RESOURCE_LIMIT_EXCEEDED',
  kind: 'exhausted',
  meaning: 'The server hosts as many agents as it may.',
  remedy: 'Remove agents, or raise `agents.max`.',
  sentence: (d: { limit: number }) => `this server hosts ${d.limit} agents already, which is its limit`,
})

export const AgentBusy = defineError({
  code: 'AGENT_BUSY',
  kind: 'precondition',
  meaning: 'The agent is not in a state in which this can be done.',
  remedy: 'See the state with `caxton agents inspect NAME` and try again when it has changed.',
  sentence: (d: { name: string, state: string, wanted: string }) =>
    `the agent "${d.name}" is ${d.state} and cannot be ${d.wanted}`,
})

export const AgentQuarantined = defineError({
  code: 'AGENT_QUARANTINED',
  kind: 'precondition',
  meaning: 'An operator put the agent into quarantine. It can neither be started nor replaced until it is released.',
  remedy: 'When the reason is gone, release it with `caxton agents release NAME`; or remove it with `caxton agents remove NAME`.',
  sentence: (d: { name: string, reason: string }) => `the agent "${d.name}" is in quarantine: ${d.reason}`,
})

export const AgentsStopping = defineError({
  code: 'AGENTS_STOPPING',
  kind: 'unavailable',
  meaning: 'The server is about to stop, or one of its threads went away in the middle of the call.',
  remedy: 'Try again in a moment, when the server is back.',
  sentence: (d: { what: string }) => `${d.what} is stopping`,
})

export const DeployBusy = defineError({
  code: 'DEPLOY_BUSY',
  kind: 'exhausted',
  meaning: 'Too many modules wait for being checked.',
  remedy: 'Deploy again in a moment.',
  sentence: (d: { waiting: number }) => `${d.waiting} modules wait for being checked already`,
})

export const ModuleBroughtDown = defineError({
  code: 'MODULE_BROUGHT_DOWN_COMPILER',
  kind: 'invalid',
  meaning: 'The thread that checks and compiles modules ended in the middle of one: most likely it had not enough memory for it.',
  remedy: 'Use smaller functions with fewer local variables; if the module is small, report it with the cause in the server log.',
  sentence: (d: { problem: string }) => `the module brought its compiler down: ${d.problem}`,
})

export const AgentUnreadable = defineError({
  code: 'AGENT_UNREADABLE',
  kind: 'internal',
  meaning: 'What the store has of an agent is not what this server once wrote: the store is damaged, or somebody changed it.',
  remedy: 'Restore the data directory from a backup. Without one, move it away, start, and deploy the agents again.',
  sentence: (d: { name: string, problem: string }) => `the store's entry of the agent "${d.name}" can't be read: ${d.problem}`,
})

export const RolloutUnderWay = defineError({
  code: 'ROLLOUT_UNDER_WAY',
  kind: 'precondition',
  meaning: 'Two versions of the agent run side by side; a third one would be too many.',
  remedy: 'End the roll-out with `caxton agents promote NAME` or `caxton agents rollback NAME`, and wait until one version is left.',
  sentence: (d: { name: string }) => `a roll-out of the agent "${d.name}" is under way`,
})

export const RolloutMissing = defineError({
  code: 'ROLLOUT_MISSING',
  kind: 'precondition',
  meaning: 'There is no second version of the agent that could take the place, or it was decided already.',
  remedy: 'See with `caxton agents inspect NAME` which versions run, and how the latest roll-out ended.',
  sentence: (d: { name: string, wanted: string }) => `the agent "${d.name}" has no roll-out that could be ${d.wanted}`,
})

export const agentErrors = [
  RolloutUnderWay, RolloutMissing,
  AgentNameInvalid, AgentAlreadyExists, ManifestInvalid, ModuleTooLarge, DeployTimeout, DeployFailed, TooManyAgents, AgentBusy,
  AgentQuarantined, AgentsStopping, PermissionNotGrantable, ModuleAltered,
  AgentPolicyInvalid, ModuleUnsigned, ModuleSignerUntrusted, ModuleSignatureInvalid, TrustedKeyInvalid,
  DeployBusy, ModuleBroughtDown, AgentUnreadable, AgentNameReserved,
]
