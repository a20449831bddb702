import { Authenticators, ClockToken, definePlugin } from 'caxton-server/contract'
import { ticketConfig } from './config.js'
import { ticketErrors } from './errors.js'

export default definePlugin({
  name: 'auth-ticket',
  summary: 'Lets callers in by signed tickets that end by themselves.',
  stability: 'beta',
  contract: '^1.0',
  provides: [Authenticators],
  needs: [ClockToken],
  config: ticketConfig,
  errors: ticketErrors,
  commands: [{
    path: ['tickets', 'make'],
    summary: 'Makes a ticket for a caller, with the secret in TICKET_SECRET.',
    arguments: [{ name: 'NAME', doc: 'Who the caller is: lower-case letters, digits and hyphens.', required: true }],
    options: [{ name: 'for', value: 'TIME', doc: 'How long the ticket is good for; one hour by default.' }],
    examples: [{ type: 'caxton tickets make ada --for 8h', does: 'Makes a ticket for Ada that is good for eight hours.' }],
    module: new URL('./make-command.js', import.meta.url).href,
  }],
  main: async () => (await import('./ticket-authenticator.js')).TicketAuthenticator,
})
