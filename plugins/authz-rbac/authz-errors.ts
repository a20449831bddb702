import { defineError } from '../../kernel/contract/index.js'

export const PolicyUnreadable = defineError({
  code: 'AUTHZ_POLICY_UNREADABLE', kind: 'configuration',
  meaning: 'The policy file is not there, can\'t be read, or is far larger than any policy.',
  remedy: 'Make the file at that path readable for the server, or change `policy` in the plugin\'s table.',
  sentence: (d: { file: string, reason: string }) => `the policy ${d.file} can't be read: ${d.reason}`,
})

export const PolicyInvalid = defineError({
  code: 'AUTHZ_POLICY_INVALID', kind: 'configuration',
  meaning: 'The policy file says something that can\'t be meant. At start the server stops; later the earlier one stays in force.',
  remedy: 'Mend the lines that the message names. `caxton auth roles` shows the policy that is in force.',
  sentence: (d: { problems: readonly string[] }) =>
    d.problems.length === 1 ? `the policy is wrong: ${d.problems.join('')}` : `the policy is wrong:\n${d.problems.join('\n')}`,
})

export const RightUnknown = defineError({
  code: 'AUTHZ_RIGHT_UNKNOWN', kind: 'not-found',
  meaning: 'No operation of this server has that name, or needs that right.',
  remedy: 'See docs/rights.md for every right, and `caxton plugins list` for what is switched on.',
  sentence: (d: { action: string, meant: string | undefined }) =>
    `there is no right and no operation "${d.action}"${d.meant === undefined ? '' : ` (did you mean "${d.meant}"?)`}`,
})

export const authzErrors = [PolicyUnreadable, PolicyInvalid, RightUnknown]
