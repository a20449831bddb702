import { configSchema, listOf, mapOf, type ConfigOf } from '../../kernel/contract/index.js'

const WHO = 'Names of agents, or `principal:NAME` for callers of operations; `*` stands for anything.'

const spaceConfig = configSchema({
  read: { doc: `Who may read the space. ${WHO}`, format: listOf('string'), default: [] },
  write: { doc: `Who may change and read the space. ${WHO}`, format: listOf('string'), default: [] },
})

export const stateToolConfig = configSchema({
  backend: {
    doc: 'The plugin that keeps the state, by the name of its table: state-sqlite. May be left out where there is only one.',
    format: 'string',
    default: null,
  },
  value_size: {
    doc: 'Most bytes of one value, as JSON.',
    format: 'bytes',
    default: '1MiB',
    min: 1024,
    max: 16 * 1024 * 1024,
  },
  answer_size: {
    doc: 'Most bytes of the values of one answer.',
    format: 'bytes',
    default: '4MiB',
    min: 1024,
    max: 64 * 1024 * 1024,
  },
  batch: { doc: 'Most keys of one batch.', format: 'integer', default: 100, min: 1, max: 1000 },
  keys_per_space: {
    doc: 'Most keys of one key space: that of an agent, or a shared one.',
    format: 'integer',
    default: 100_000,
    min: 1,
    max: 1_000_000_000,
  },
  spaces: {
    doc: 'Shared key spaces by name, and who may use them. Every agent has a space of its own besides.',
    format: mapOf(spaceConfig),
    default: {},
  },
})

export type StateToolConfig = ConfigOf<typeof stateToolConfig>
/** Who may use a shared key space. */
export type SpaceGrant = ConfigOf<typeof spaceConfig>
