import type { Command } from '../../../kernel/contract/index.js'

/** Commands for state, for the plugin's `commands`. */
export const stateCommands: readonly Command[] = [
  {
    path: ['state', 'export'],
    summary: 'Writes what agents keep with the state tool to a file, with counts and checksums.',
    arguments: [{ name: 'file', doc: 'The file; what an interrupted export left in FILE.part is gone on with.', required: true }],
    options: [
      { name: 'prefix', value: 'PREFIX', doc: 'Which keys, as the backend has them: `agents/shop/`, `shared/orders/`. Left out: all.' },
    ],
    examples: [
      { type: 'caxton state export state.ndjson', does: 'Writes everything.' },
      { type: 'caxton state export shop.ndjson --prefix agents/shop/', does: 'Writes what the agent "shop" keeps.' },
    ],
    module: new URL('./export-state-command.js', import.meta.url).href,
  },
  {
    path: ['state', 'import'],
    summary: 'Stores what `caxton state export` wrote, on this or another server.',
    arguments: [{ name: 'file', doc: 'The file; all of it is checked before anything is stored.', required: true }],
    options: [
      {
        name: 'existing', value: 'WORD',
        doc: 'What becomes of keys that have another value: `keep` or `overwrite`. Left out: the import ends at the first of them.',
      },
      { name: 'after', value: 'KEY', doc: 'Only entries behind this key: an import that was interrupted says which.' },
    ],
    examples: [
      { type: 'caxton state import state.ndjson', does: 'Stores everything; done again, it does nothing.' },
      { type: 'caxton state import state.ndjson --existing overwrite', does: 'Brings everything back to what the file says.' },
    ],
    module: new URL('./import-state-command.js', import.meta.url).href,
  },
  {
    path: ['state', 'verify'],
    summary: 'Compares a file with the state of a server, value by value; exit code 1 if they differ.',
    arguments: [{ name: 'file', doc: 'The file.', required: true }],
    options: [{ name: 'file-only', doc: 'Only checks the file\'s own counts and checksums; needs no server.' }],
    examples: [
      { type: 'caxton state verify state.ndjson', does: 'Says what is missing, different or more on the server.' },
      { type: 'caxton state verify state.ndjson --file-only', does: 'Says whether the file is whole.' },
    ],
    module: new URL('./verify-state-command.js', import.meta.url).href,
  },
  {
    path: ['tools', 'state-server'],
    summary: 'Serves the state tool of a server to any MCP client, over standard input and output.',
    examples: [
      { type: 'caxton tools state-server --server 127.0.0.1:50051', does: 'What to write as the command of an MCP server in a client.' },
    ],
    module: new URL('./state-server-command.js', import.meta.url).href,
  },
]
