import type { MessageInitShape } from '@bufbuild/protobuf'
import type { CommandInput, CommandOption } from '../../contract/command.js'
import type { DeadLetterFilterSchema } from '../../contract/proto/caxton/v1/deadletters_pb.js'
import { CommandArgumentMissing, CommandOptionMisused } from '../command-errors.js'
import { duration } from '../line/values.js'
import { isSet, option } from './input-words.js'

type Filter = MessageInitShape<typeof DeadLetterFilterSchema>

/** The options that say which letters are meant. */
export const FILTER_OPTIONS: readonly CommandOption[] = [
  { name: 'agent', value: 'AGENT', doc: 'Only letters to or from this agent.' },
  { name: 'reason', value: 'CODE', doc: 'Only letters that failed for this reason, such as MAILBOX_FULL.' },
  { name: 'older-than', value: 'DURATION', doc: 'Only letters that failed longer ago than this.' },
]

/** The letters that the options mean. */
export function filterOf (input: CommandInput): Filter {
  const older = option(input, 'older-than')
  return {
    ids: [...input.arguments['ID'] ?? []],
    agent: option(input, 'agent') ?? '',
    reason: option(input, 'reason') ?? '',
    olderThanMilliseconds: older === undefined ? 0n : BigInt(Math.max(1, duration('`--older-than`', older))),
  }
}

/** The same for a command that changes letters: all of them takes `--all`, and that takes `--yes` unless it only counts. */
export function deliberateFilterOf (command: string, input: CommandInput): { filter: Filter, all: boolean, dryRun: boolean } {
  const filter = filterOf(input)
  const all = isSet(input, 'all')
  const dryRun = isSet(input, 'dry-run')
  const isEmpty = filter.ids?.length === 0 && filter.agent === '' && filter.reason === '' && filter.olderThanMilliseconds === 0n
  if (isEmpty && !all) throw CommandArgumentMissing({ command, argument: 'ID', doc: 'Or a filter, or `--all`.' })
  if (!isEmpty && all) throw CommandOptionMisused({ command, option: '--all', problem: 'can\'t be given together with ids or filters' })
  if (all && !dryRun && !isSet(input, 'yes')) {
    throw CommandOptionMisused({ command, option: '--all', problem: 'needs `--yes` as well; `--dry-run` counts without doing anything' })
  }
  return { filter, all, dryRun }
}
