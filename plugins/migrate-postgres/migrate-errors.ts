import { defineError } from '../../kernel/contract/index.js'

export const MigrationSourceMissing = defineError({
  code: 'MIGRATION_SOURCE_MISSING',
  kind: 'invalid',
  meaning: 'The command was not told which database to read, or not in a form that it can read.',
  remedy: 'Give it as `--database postgres://USER@HOST/DATABASE` or in CAXTON_MIGRATE_DATABASE; the password better in PGPASSWORD.',
  sentence: (d: { reason: string }) => `cannot tell which database to migrate from: ${d.reason}`,
})

export const MigrationSourceUnreachable = defineError({
  code: 'MIGRATION_SOURCE_UNREACHABLE',
  kind: 'unavailable',
  meaning: 'The database to migrate from does not answer, refuses the user, or broke off. It was only read.',
  remedy: 'Check address, user, password and certificate, and run the command again; it goes on where it was.',
  sentence: (d: { place: string, reason: string }) => `cannot read the database at ${d.place}: ${d.reason}`,
})

export const MigrationLayoutUnknown = defineError({
  code: 'MIGRATION_LAYOUT_UNKNOWN',
  kind: 'precondition',
  meaning: 'The database has none of the tables agent_states, snapshots and events, or one of them lacks a column that tells whose a row '
    + 'is or in which order rows come.',
  remedy: 'See plugins/migrate-postgres/README.md for the columns that are looked for; make a view of that name over yours.',
  sentence: (d: { reason: string }) => `this is no layout of Caxton 0.1: ${d.reason}`,
})

export const MigrationRowsInvalid = defineError({
  code: 'MIGRATION_ROWS_INVALID',
  kind: 'precondition',
  meaning: 'Some rows can\'t become keys of the state tool: the name of their agent, or their key, is not one that it takes. Nothing was '
    + 'written.',
  remedy: 'See them with `caxton migrate postgres plan`. Mend them in the database, or leave them out with `--skip-invalid`.',
  sentence: (d: { rows: number, example: string }) => `${d.rows} rows can't be migrated, for example "${d.example}"`,
})

export const migrateErrors = [
  MigrationSourceMissing, MigrationSourceUnreachable, MigrationLayoutUnknown, MigrationRowsInvalid,
] as const
