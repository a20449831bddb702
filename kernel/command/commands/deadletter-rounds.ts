import type { CommandContext } from '../../contract/command.js'

/** What one call did of the whole work. */
export interface Round {
  readonly lookedAt: number
  /** Empty with the last round. */
  readonly next: string
  /** Letters that are kept after it. */
  readonly kept: bigint
}

/** Asks the server again and again until all letters were looked at; each call does a bounded piece. Tells how far it is. */
export function rounds<R extends Round> (
  { terminal, signal }: CommandContext, label: string, ask: (page: string) => Promise<R>,
): Promise<readonly R[]> {
  return terminal.progress(label, async advance => {
    const done: R[] = []
    let lookedAt = 0
    let page = ''
    do {
      signal.throwIfAborted()
      const round = await ask(page)
      done.push(round)
      lookedAt += round.lookedAt
      page = round.next
      advance(lookedAt, Math.max(lookedAt, Number(round.kept)))
    } while (page !== '')
    return done
  })
}
