/** Bytes from the other end that break the rules of links. The message is part of a sentence: `a record of unknown kind 71`. */
export class MalformedInput extends Error {}
