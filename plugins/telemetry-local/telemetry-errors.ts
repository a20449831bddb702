import { defineError } from '../../kernel/contract/index.js'

export const TraceUnknown = defineError({
  code: 'TRACE_UNKNOWN',
  kind: 'not-found',
  meaning: 'No node that answered has recorded anything under the id of a trace, a conversation or a message.',
  remedy: 'Look at `caxton trace` for what was recorded lately. Of many traces only a share is recorded: `tracing.first` and '
    + '`tracing.sample_rate`; what is old goes: `plugins.telemetry-local.keep_for` and `spans_size`.',
  sentence: (d: { id: string, silent: readonly string[] }) =>
    `nothing is recorded of "${d.id}"${d.silent.length === 0 ? '' : `; ${d.silent.join(', ')} did not answer`}`,
})

export const LogQuestionInvalid = defineError({
  code: 'LOG_QUESTION_INVALID',
  kind: 'invalid',
  meaning: 'A part of what was asked of the log can not be read.',
  remedy: 'The error says which part and what is wrong with it; `caxton help logs` shows how a question is written.',
  sentence: (d: { part: string, problem: string }) => `${d.part}: ${d.problem}`,
})

export const telemetryErrors = [TraceUnknown, LogQuestionInvalid]
