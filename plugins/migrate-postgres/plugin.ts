import { definePlugin } from '../../kernel/contract/index.js'
import { migrateCommands } from './commands/migrate-commands.js'
import { migrateErrors } from './migrate-errors.js'

export default definePlugin({
  name: 'migrate-postgres',
  summary: 'Brings what Caxton 0.1 kept in PostgreSQL into the state tool; commands only, nothing to turn on.',
  stability: 'experimental',
  contract: '^1.0',
  commands: migrateCommands,
  errors: migrateErrors,
  // Nothing lives: the commands are all there is.
  register: () => undefined,
})
