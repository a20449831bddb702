/** What the server answers to a call of an agent. `Ok` from `send` means queued, not handled. */
export enum Result {
  Ok = 0,
  BadRange = -1,
  Malformed = -2,
  NoSuchAgent = -3,
  Full = -4,
  TooLarge = -5,
  Quota = -6,
  Denied = -7,
  Unavailable = -8,
}

/** The result in words, for a log line. */
export function resultText (result: Result): string {
  switch (result) {
    case Result.Ok: return 'ok'
    case Result.BadRange: return 'outside the memory of the agent'
    case Result.Malformed: return 'malformed'
    case Result.NoSuchAgent: return 'no such agent'
    case Result.Full: return 'the mailbox is full, try again later'
    case Result.TooLarge: return 'too large'
    case Result.Quota: return 'the quota is used up'
    case Result.Denied: return 'not permitted'
    case Result.Unavailable: return 'unavailable, try again later'
    default: return 'result ' + result.toString()
  }
}
