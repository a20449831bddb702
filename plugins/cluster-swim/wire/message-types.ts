/** The first byte of every plain message. */
export const TYPE = {
  ping: 0,
  indirectPing: 1,
  ack: 2,
  suspect: 3,
  alive: 4,
  dead: 5,
  pushPull: 6,
  compound: 7,
  user: 8,
  compress: 9,
  encrypt: 10,
  nack: 11,
  checksum: 12,
  failure: 13,
  label: 244,
} as const

/** Numbers that count up and wrap: sequences, incarnations, ids of queries. */
export const MAXIMUM_U32 = 2 ** 32 - 1
export const MAXIMUM_PORT = 65_535
