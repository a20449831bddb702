/** Bounds of what the readers of messages take, so that none holds up its thread for long. */
export const MESSAGE_BOUNDS = {
  /** Bytes of a message in the string form: 1 MiB of content, and the rest. */
  bytes: 1024 * 1024 + 256 * 1024,
  /** Words, strings and parentheses of a message in the string form. */
  tokens: 10_000,
  /** Bytes of a word; a longer text is a string. */
  word: 1_024,
  /** Parameters of its own of a message or an identifier. */
  user: 256,
  /** Lists within lists, or resolvers of resolvers. */
  depth: 32,
  /** Characters of a list that is written as one; a longer one is written as a string, which says the same. */
  list: 16_384,
  /** Bytes of content that is written with its quotes escaped; longer content is written with its length in front. */
  escaped: 65_536,
} as const
