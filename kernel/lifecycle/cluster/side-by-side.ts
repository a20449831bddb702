/** Does something for each item, at most so many at once; answers in the order in which they end. Nothing more begins after an abort. */
export async function * sideBySide<T, R> (
  items: readonly T[], most: number, work: (item: T) => Promise<R>, signal: AbortSignal,
): AsyncGenerator<R, void, undefined> {
  const running = new Map<T, Promise<readonly [T, R]>>()
  const waiting = [...items]
  for (;;) {
    while (running.size < most && waiting.length > 0 && !signal.aborted) {
      const [item] = waiting.splice(0, 1) as [T]
      running.set(item, work(item).then(result => [item, result] as const))
    }
    if (running.size === 0) return
    const [item, result] = await Promise.race(running.values())
    running.delete(item)
    yield result
  }
}
