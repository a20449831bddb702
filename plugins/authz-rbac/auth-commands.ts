import type { Command } from '../../kernel/contract/index.js'

/** Commands about rights, for the plugin's `commands`. */
export const authCommands: readonly Command[] = [
  {
    path: ['auth', 'explain'],
    summary: 'Says whether somebody may do something, and which rule decides; exit code 1 if not.',
    arguments: [
      { name: 'PRINCIPAL', required: true, doc: 'Who, as `caxton auth whoami` names them: `key:ci-deployer`, `anonymous`.' },
      { name: 'ACTION', required: true, doc: 'A right, such as `agents:deploy`, or an operation, such as `Agents/Deploy`.' },
      { name: 'RESOURCE', doc: 'On what: `team-a-billing`, or `team-a-*` for all that begin so; on everything by default.' },
    ],
    options: [
      { name: 'role', value: 'ROLE', repeatable: true, doc: 'A role that the credential carries.' },
      { name: 'method', value: 'NAME', doc: 'The authenticator that proves it; any by default.' },
    ],
    examples: [
      { type: 'caxton auth explain key:ci-deployer agents:deploy team-a-billing', does: 'Shows the rule that decides.' },
      { type: 'caxton auth explain jwt:ann cluster:manage --role ops', does: 'Asks for somebody whose token carries the role "ops".' },
    ],
    module: new URL('./auth-explain-command.js', import.meta.url).href,
  },
  {
    path: ['auth', 'roles'],
    summary: 'Shows every role with its rules, and who has it.',
    examples: [{ type: 'caxton auth roles', does: 'Shows the policy that is in force, and whether a newer file was refused.' }],
    module: new URL('./auth-roles-command.js', import.meta.url).href,
  },
]
