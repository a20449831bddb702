import type { CommandContext, RunCommand } from '../../contract/command.js'
import {
  Diagnostics, ListLogLevelsResponseSchema, ResetLogLevelResponseSchema, SetLogLevelResponseSchema, type PartLogLevel,
} from '../../contract/proto/caxton/v1/diagnostics_pb.js'
import { CommandArgumentMissing } from '../command-errors.js'
import { jsonOf } from './answer-data.js'
import { argument, isSet } from './input-words.js'
import { askServer } from './server-call.js'

/** Stands for every part. */
const ALL = 'all'

/** `caxton log-level` */
export const run: RunCommand = async context => {
  const { input } = context
  const [named, level] = [argument(input, 'PART'), argument(input, 'LEVEL')]
  const part = named === ALL ? '' : named
  if (isSet(input, 'reset')) {
    if (named === '') throw CommandArgumentMissing({ command: 'log-level', argument: 'PART', doc: 'whose level to reset, or `all`' })
    const answer = await askServer(context, Diagnostics.method.resetLogLevel, { part })
    show(context, answer.parts, jsonOf(ResetLogLevelResponseSchema, answer))
  } else if (level === '') {
    const answer = await askServer(context, Diagnostics.method.listLogLevels, {})
    const parts = answer.parts.filter(one => part === '' || one.part === part)
    show(context, parts, jsonOf(ListLogLevelsResponseSchema, { ...answer, parts }))
  } else {
    const answer = await askServer(context, Diagnostics.method.setLogLevel, { part, level })
    show(context, answer.parts, jsonOf(SetLogLevelResponseSchema, answer))
  }
  return 0
}

function show ({ terminal }: CommandContext, parts: readonly PartLogLevel[], data: object): void {
  terminal.table(parts, [
    { heading: 'PART', text: ({ part }) => part },
    { heading: 'LEVEL', text: ({ level }) => level },
    { heading: 'SET', text: ({ changed }) => changed ? 'until the restart' : '' },
  ], data)
}
