import { defineError, type ErrorEntry } from '../../kernel/contract/index.js'

export const NewAgentNameInvalid = defineError({
  code: 'NEW_AGENT_NAME_INVALID',
  kind: 'invalid',
  meaning: 'The name of a new agent can be no name of a folder, a package and an agent at once.',
  remedy: 'Choose 1 to 64 lower-case letters, digits, dots, hyphens and underscores, a letter or a digit first.',
  sentence: (d: { name: string }) => `"${d.name}" can be no name of a new agent`,
})

/** For the plugin's `errors`. */
export const newAgentErrors: readonly ErrorEntry[] = [NewAgentNameInvalid]
