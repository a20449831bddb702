import type { CommandContext } from '../../../kernel/contract/index.js'
import { MigrationRowsInvalid, MigrationSourceMissing } from '../migrate-errors.js'
import type { LostRow } from '../source/old-entries.js'

const SPACE = /^[a-z0-9][a-z0-9-]{0,62}$/

/** The shared key space that the command line names. Throws `MIGRATION_SOURCE_MISSING`. */
export function spaceOf ({ input }: CommandContext): string {
  const { space } = input.options
  const name = typeof space === 'object' ? space[0] ?? '' : 'imported'
  if (!SPACE.test(name)) throw MigrationSourceMissing({ reason: `"${name}" is no name of a key space (a-z, 0-9, -)` })
  return name
}

/** Rows that can't be migrated, as they are met: counted, a few kept. */
export class LostRows {
  count = 0
  readonly examples: LostRow[] = []

  readonly note = (lost: LostRow): void => {
    this.count++
    if (this.examples.length < 10) this.examples.push(lost)
  }

  /** Throws `MIGRATION_ROWS_INVALID` where there are any and the command line does not leave them out. */
  demandNone ({ input, terminal }: CommandContext): void {
    const [first] = this.examples
    if (!first) return
    if (input.options['skip-invalid'] !== true) throw MigrationRowsInvalid({ rows: this.count, example: `${first.table}: ${first.row}` })
    terminal.say(`${this.count} rows are left out; caxton migrate postgres plan shows them.`)
  }
}
