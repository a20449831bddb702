import type { RunCommand } from 'caxton-server/contract'
import { TicketOffice } from './ticket.js'

/** `caxton tickets make NAME` */
export const run: RunCommand = async ({ input, words, terminal, clock, environment }) => {
  const [name = ''] = input.arguments['NAME'] ?? []
  const asked = input.options['for']
  const time = words.duration('--for', Array.isArray(asked) ? asked[0] ?? '' : '1h')
  const end = clock.now() + time
  const ticket = new TicketOffice(environment['TICKET_SECRET'] ?? '').make({ name, end })
  terminal.item(ticket, { name, end: new Date(end).toISOString(), ticket })
  return 0
}
