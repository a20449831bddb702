/** Changes of a book of records: made one after the other, and told to whoever wants to know. */
export class RecordChanges {
  private readonly listeners = new Set<() => void>()
  private turn: Promise<unknown> = Promise.resolve()

  /** Each change builds on the one before; two at once would lose one. */
  inTurn<T> (change: () => Promise<T>): Promise<T> {
    const done = this.turn.then(change)
    this.turn = done.catch(() => {})
    return done
  }

  tell (): void {
    for (const listener of this.listeners) listener()
  }

  /** Calls back whenever {@link tell} is called, until `signal` aborts. */
  onTold (told: () => void, signal: AbortSignal): void {
    this.listeners.add(told)
    signal.addEventListener('abort', () => this.listeners.delete(told), { once: true })
  }
}
