import type { Command, CommandOption } from '../../../kernel/contract/index.js'

const SOURCE: readonly CommandOption[] = [
  {
    name: 'database', value: 'URL',
    doc: 'The old database, only read: `postgres://USER@HOST:PORT/DATABASE`, or CAXTON_MIGRATE_DATABASE. Password: PGPASSWORD.',
  },
  { name: 'ca', value: 'FILE', doc: 'Certificates that its own is checked against, in PEM. TLS is used unless it is on this machine.' },
  { name: 'space', value: 'NAME', doc: 'Shared key space for what belongs to no one agent; `imported` by default.' },
]
const FILE = { name: 'file', doc: 'The file, in the form of `caxton state export`.', required: true }
const SKIP: CommandOption = { name: 'skip-invalid', doc: 'Leave out rows that have no place in the state tool.' }

/** Commands to migrate from Caxton 0.1, for the plugin's `commands`. */
export const migrateCommands: readonly Command[] = [
  {
    path: ['migrate', 'postgres', 'plan'],
    summary: 'Shows what a PostgreSQL database of Caxton 0.1 holds, and what would become of it.',
    options: SOURCE,
    examples: [{
      type: 'caxton migrate postgres plan --database postgres://caxton@127.0.0.1/caxton',
      does: 'Counts tables and keys, and shows rows that can\'t be migrated. Changes nothing.',
    }],
    module: new URL('./plan-command.js', import.meta.url).href,
  },
  {
    path: ['migrate', 'postgres', 'export'],
    summary: 'Writes that database to a file for the state tool, with counts and checksums.',
    arguments: [FILE],
    options: [...SOURCE, SKIP],
    examples: [{
      type: 'caxton migrate postgres export old.ndjson --database postgres://caxton@127.0.0.1/caxton',
      does: 'Writes everything; what an interrupted run left in old.ndjson.part is gone on with.',
    }],
    module: new URL('./export-command.js', import.meta.url).href,
  },
  {
    path: ['migrate', 'postgres', 'import'],
    summary: 'Stores the file with the state tool of a server; done again, it does nothing.',
    arguments: [FILE],
    examples: [{ type: 'caxton migrate postgres import old.ndjson', does: 'Stores every entry. A key with another value ends it.' }],
    module: new URL('./import-command.js', import.meta.url).href,
  },
  {
    path: ['migrate', 'postgres', 'verify'],
    summary: 'Compares that database with the state of a server, value by value; exit code 1 if anything is missing or different.',
    options: [...SOURCE, SKIP],
    examples: [{
      type: 'caxton migrate postgres verify --database postgres://caxton@127.0.0.1/caxton',
      does: 'Says what is missing or different on the server.',
    }],
    module: new URL('./verify-command.js', import.meta.url).href,
  },
]
