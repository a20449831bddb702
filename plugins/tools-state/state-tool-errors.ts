import { defineError } from '../../kernel/contract/index.js'

export const StateBackendMissing = defineError({
  code: 'STATE_BACKEND_MISSING',
  kind: 'configuration',
  meaning: 'The state tool has no backend to keep state in, or does not know which of several to take.',
  remedy: 'Turn on one of [plugins.state-sqlite], [plugins.state-postgres] and [plugins.state-redis]; where there are several, name '
    + 'one with `backend`.',
  sentence: (d: { wanted: string, known: readonly string[] }) => {
    const known = d.known.length === 0 ? 'there is none' : `there is ${d.known.map(name => `"${name}"`).join(', ')}`
    return d.wanted === '' ? `the state tool needs one backend, and ${known}` : `the state tool should use "${d.wanted}", and ${known}`
  },
})

export const StateSpaceInvalid = defineError({
  code: 'STATE_SPACE_INVALID',
  kind: 'configuration',
  meaning: 'The name of a shared key space, or of somebody who may use it, is not written as it must be.',
  remedy: 'Name spaces with a-z, 0-9 and `-`, at most 63 characters; name agents, or principals as `principal:NAME`, with `*` for '
    + 'anything.',
  sentence: (d: { space: string, reason: string }) => `the key space "${d.space}" ${d.reason}`,
})

export const StateSpaceDenied = defineError({
  code: 'STATE_SPACE_DENIED',
  kind: 'denied',
  meaning: 'There is no shared key space of that name which the caller may use so. Whether it exists is not told.',
  remedy: 'The operator grants it with `read` or `write` of [plugins.state.spaces.NAME].',
  sentence: (d: { space: string, access: string }) => `there is no key space "${d.space}" that you may ${d.access}`,
})

export const StateArgumentsInvalid = defineError({
  code: 'STATE_ARGUMENTS_INVALID',
  kind: 'invalid',
  meaning: 'A call of the state tool has an argument that is missing, unknown or of the wrong kind. Nothing was changed.',
  remedy: 'See docs/state.md, or the tool\'s schema, for what it takes.',
  sentence: (d: { argument: string, reason: string }) => `the argument "${d.argument}" ${d.reason}`,
})

export const StateAnswerTooLarge = defineError({
  code: 'STATE_ANSWER_TOO_LARGE',
  kind: 'exhausted',
  meaning: 'The values that were asked for are together larger than one answer may be.',
  remedy: 'Ask for fewer keys at once.',
  sentence: (d: { bytes: number }) => `the values have more than ${d.bytes} bytes together`,
})

export const stateToolErrors = [
  StateBackendMissing, StateSpaceInvalid, StateSpaceDenied, StateArgumentsInvalid, StateAnswerTooLarge,
] as const
