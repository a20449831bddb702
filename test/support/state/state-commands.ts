import { migrateCommands } from '../../../plugins/migrate-postgres/commands/migrate-commands.js'
import { stateCommands } from '../../../plugins/tools-state/commands/state-commands.js'
import type { StateTransfer } from '../../../plugins/tools-state/transfer/state-transfer.js'
import { kernelIndex, type Outcome, runCommand, type Setting } from '../command/run-command.js'

const added = [...stateCommands, ...migrateCommands].map(command => ({ ...command, from: 'plugin' }))
const index = { ...kernelIndex, commands: [...kernelIndex.commands, ...added] }

async function * each<T> (items: readonly T[]): AsyncIterable<T> {
  yield * items
}

/** Runs a command against the state that `transfer` carries, without a server between. */
export const runStateCommand = (words: readonly string[], transfer: StateTransfer, setting: Setting = {}): Promise<Outcome> =>
  runCommand(words, {
    index,
    answers: {
      'State/Export': (request: Parameters<StateTransfer['export']>[0], signal: AbortSignal) => transfer.export(request, signal),
      'State/Digest': (request: Parameters<StateTransfer['digest']>[0], signal: AbortSignal) => transfer.digest(request, signal),
      'State/Import': (requests: ReadonlyArray<Parameters<typeof each>[0][number]>, signal: AbortSignal) =>
        transfer.import(each(requests) as Parameters<StateTransfer['import']>[0], signal),
      ...setting.answers,
    },
    ...setting,
  })
