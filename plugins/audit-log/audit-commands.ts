import type { Command, CommandOption } from '../../kernel/contract/index.js'

/** Which records. */
const FILTERS: readonly CommandOption[] = [
  { name: 'since', value: 'WHEN', doc: 'From then on: a date such as 2030-01-31T12:00:00Z, or how long ago, such as `24h`.' },
  { name: 'until', value: 'WHEN', doc: 'Before then; written as `--since`.' },
  { name: 'principal', value: 'NAME', doc: 'By whom; `*` stands for anything, as in all of these: `key:*`.' },
  { name: 'operation', value: 'NAME', doc: 'What: `caxton.v1.Agents/Deploy`, or `*/Deploy`.' },
  { name: 'resource', value: 'NAME', doc: 'On what: the name of an agent.' },
  { name: 'event', value: 'EVENT', doc: '`intent`, `outcome`, `refused` or `security`.' },
  { name: 'result', value: 'RESULT', doc: '`ok`, or the code of an error.' },
  { name: 'address', value: 'ADDRESS', doc: 'From where.' },
  { name: 'trace', value: 'ID', doc: 'Of one call, by the trace id that is shown with an error.' },
  {
    name: 'credential', value: 'TEXT',
    doc: 'What was done or tried with a key or token: `@FILE` reads it from a file, `-` from standard input.',
  },
]

/** Commands for the audit log, for the plugin's `commands`. */
export const auditCommands: readonly Command[] = [
  {
    path: ['audit', 'query'],
    summary: 'Shows who did what, and who tried.',
    options: [...FILTERS, { name: 'last', value: 'COUNT', doc: 'How many records, the last ones; 100 by default, 0 for all.' }],
    examples: [
      { type: 'caxton audit query --since 24h', does: 'Shows the last hundred records of a day.' },
      { type: 'caxton audit query --event refused --since 1h', does: 'Shows who was refused, and exactly why.' },
      { type: 'caxton audit query --resource shop --operation "*/Deploy"', does: 'Shows who deployed the agent "shop".' },
    ],
    module: new URL('./audit-query-command.js', import.meta.url).href,
  },
  {
    path: ['audit', 'export'],
    summary: 'Writes records out, one JSON object a line.',
    options: [...FILTERS],
    examples: [
      { type: 'caxton audit export --since 30d > audit.jsonl', does: 'Writes the records of thirty days to a file.' },
    ],
    module: new URL('./audit-export-command.js', import.meta.url).href,
  },
  {
    path: ['audit', 'verify'],
    summary: 'Checks that no record was changed, removed, added or moved. Needs no server.',
    arguments: [{ name: 'folder', doc: 'Folder of the log: `audit` in the data directory, or a copy of it.', required: true }],
    options: [
      { name: 'trust', value: 'FILE', doc: 'Certificates of authorities, in PEM: whoever signed must have a certificate of one of them.' },
      { name: 'signer', value: 'ID', repeatable: true, doc: 'Key that must have signed, as this command shows it: `sha256:...`.' },
    ],
    examples: [
      { type: 'caxton audit verify /var/lib/caxton/audit', does: 'Checks the log of a server, running or not.' },
      { type: 'caxton audit verify copy/audit --trust tls/ca.pem', does: 'Checks a copy, and that a node of this authority wrote it.' },
    ],
    module: new URL('./audit-verify-command.js', import.meta.url).href,
  },
]
