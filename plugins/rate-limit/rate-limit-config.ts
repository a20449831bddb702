import { configSchema, listOf, mapOf, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

const FASTEST = 10_000_000

const rate = (doc: string, value: number) => ({ doc, format: 'number', default: value, min: 0.001, max: FASTEST }) as const
const burst = (doc: string, value: number) => ({ doc, format: 'integer', default: value, min: 1, max: FASTEST }) as const

const methodKeys = configSchema({
  rate: { doc: 'Calls a second.', format: 'number', min: 0.001, max: FASTEST },
  burst: { doc: 'Calls at once.', format: 'integer', min: 1, max: FASTEST },
  scope: {
    doc: 'caller: for each caller. server: for all callers together.', format: oneOf('caller', 'server'), default: 'caller',
  },
})

export const rateLimitConfig = configSchema({
  reads: rate('Calls that change nothing, a second and caller.', 200),
  reads_burst: burst('So many at once.', 400),
  changes: rate('Calls that change something, a second and caller.', 50),
  changes_burst: burst('So many at once.', 100),
  messages: rate('Calls that need one of `message_rights`, a second and caller.', 1_000),
  messages_burst: burst('So many at once.', 2_000),
  message_rights: {
    doc: 'Rights whose calls count as messages, not as reads or changes.',
    format: listOf('string'), default: ['messages:send', 'tasks:run'],
  },
  address: rate('Calls a second from one address (of IPv6: from one /64 network), before it is known who calls.', 2_000),
  address_burst: burst('So many at once.', 4_000),
  failure_cost: {
    doc: 'As how many calls from its address one counts whose caller did not prove who it is.',
    format: 'integer', default: 200, min: 1, max: FASTEST,
  },
  methods: {
    doc: 'Limits of single operations, besides the above, under their names: `Agents/Deploy`.', format: mapOf(methodKeys), default: {},
  },
  keys: {
    doc: 'Callers and addresses that each limit tells apart; beyond that newcomers share.',
    format: 'integer', default: 100_000, min: 16, max: 10_000_000,
  },
})

export type RateLimitConfig = ConfigOf<typeof rateLimitConfig>
