import { defineError } from '../contract/index.js'

export const LogPartUnknown = defineError({
  code: 'LOG_PART_UNKNOWN',
  kind: 'not-found',
  meaning: 'No part of the server logs under that name.',
  remedy: 'See the parts with `caxton log-level`: the kernel\'s own, and the names of the plugins\' tables in the configuration.',
  sentence: (d: { part: string, near: string | undefined }) =>
    `nothing logs as "${d.part}"${d.near === undefined ? '' : `; did you mean "${d.near}"?`}`,
})

export const LogLevelUnknown = defineError({
  code: 'LOG_LEVEL_UNKNOWN',
  kind: 'invalid',
  meaning: 'There is no such level for the log.',
  remedy: 'Levels are `debug`, `info`, `warn` and `error`.',
  sentence: (d: { level: string }) => `"${d.level}" is no level of the log`,
})

export const logLevelErrors = [LogPartUnknown, LogLevelUnknown] as const
