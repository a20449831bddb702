/** Bounds of what the readers of messages take, so that none holds up its thread for long. */
export const MESSAGE_BOUNDS = {
  /** Bytes of a message in the string form: 1 MiB of content with every byte escaped, and the rest. */
  bytes: 2 * 1024 * 1024 + 256 * 1024,
  /** Words, strings and parentheses of a message in the string form. */
  tokens: 20_000,
  /** Lists within lists, or resolvers of resolvers. */
  depth: 32,
  /** Characters of a list that is written as one; a longer one is written as a string, which says the same. */
  list: 16_384,
} as const
