import { configSchema, listOf, type ConfigOf } from 'caxton-server/contract'

export const ticketConfig = configSchema({
  secret: { doc: 'Signs tickets: 32 letters or more.', format: 'secret' },
  roles: { doc: 'Roles of everybody who has a ticket.', format: listOf('string'), default: [] },
  longest: { doc: 'Longest time that a ticket may still be good for.', format: 'duration', default: '7d', min: 1000 },
})

export type TicketConfig = ConfigOf<typeof ticketConfig>
