/** The first byte of every Serf message. */
export const SERF_TYPE = {
  leave: 0,
  join: 1,
  state: 2,
  event: 3,
  query: 4,
  response: 5,
  conflictResponse: 6,
  keyRequest: 7,
  keyResponse: 8,
  relay: 9,
} as const
