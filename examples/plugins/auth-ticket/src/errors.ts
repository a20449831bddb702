import { defineError } from 'caxton-server/contract'

export const TicketSecretShort = defineError({
  code: 'TICKET_SECRET_SHORT',
  kind: 'configuration',
  meaning: 'The secret that signs tickets is so short that it can be guessed.',
  remedy: 'Make one with `openssl rand -hex 32`, and give it as `secret` or in TICKET_SECRET.',
  sentence: (details: { letters: number }) => `the secret of the tickets has ${details.letters} letters`,
})

export const ticketErrors = [TicketSecretShort]
