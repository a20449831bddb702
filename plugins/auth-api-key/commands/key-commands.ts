import type { Command, CommandArgument, CommandOption } from '../../../kernel/contract/index.js'

const KEY: CommandArgument = { name: 'NAME', doc: 'The key, by its name or its id.', required: true }
const FILE: CommandOption = {
  name: 'file', value: 'FILE', doc: 'Writes the key there, for its owner alone, in place of what is there; it is then not shown.',
}
const EXPIRES: CommandOption = {
  name: 'expires-in', value: 'DURATION', doc: 'How long the key works: `12h`, `90d`, or `never`; as the server is configured by default.',
}

/** Commands for API keys, for the plugin's `commands`. */
export const keyCommands: readonly Command[] = [
  {
    path: ['auth', 'create-key'],
    summary: 'Makes an API key, and shows it: the only time that it can be seen.',
    arguments: [{ name: 'NAME', doc: 'Who will use it: `ci-deployer`. The caller is then called `key:NAME`.', required: true }],
    options: [
      { name: 'role', value: 'ROLE', doc: 'A role of whoever shows the key; several with commas between.', repeatable: true },
      EXPIRES, FILE,
    ],
    examples: [
      { type: 'caxton auth create-key ci-deployer --role developer', does: 'Makes a key for a program that deploys agents.' },
      {
        type: 'caxton auth create-key ada --role operator,viewer --expires-in 30d --file ada.key',
        does: 'Makes one for thirty days, and writes it to a file that can be given to `--token-file`.',
      },
    ],
    module: new URL('./create-key-command.js', import.meta.url).href,
  },
  {
    path: ['auth', 'list-keys'],
    summary: 'Lists API keys: whose they are, until when they work, when each was last used on this node.',
    options: [{ name: 'all', doc: 'Those too that have expired or were revoked.' }],
    examples: [{ type: 'caxton auth list-keys', does: 'Shows every key that works.' }],
    module: new URL('./list-keys-command.js', import.meta.url).href,
  },
  {
    path: ['auth', 'rotate-key'],
    summary: 'Makes a new API key in place of one, which goes on working for a while.',
    arguments: [KEY],
    options: [
      {
        name: 'grace', value: 'DURATION',
        doc: 'How long the old key goes on working; as the server is configured by default, `0s` for not at all.',
      },
      EXPIRES, FILE,
    ],
    examples: [
      { type: 'caxton auth rotate-key ci-deployer', does: 'Shows the new key; the old one works for seven more days by default.' },
      { type: 'caxton auth rotate-key ci-deployer --grace 0s', does: 'Ends the old key at once: somebody else may know it.' },
    ],
    module: new URL('./rotate-key-command.js', import.meta.url).href,
  },
  {
    path: ['auth', 'revoke-key'],
    summary: 'Ends an API key for good, at once.',
    arguments: [KEY],
    examples: [{ type: 'caxton auth revoke-key ci-deployer', does: 'Lets nobody in with this key any more.' }],
    module: new URL('./revoke-key-command.js', import.meta.url).href,
  },
]
