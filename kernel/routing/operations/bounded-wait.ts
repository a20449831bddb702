import { abortReason, orAborted } from '../../contract/index.js'

/**
 * The items of `source` until `signal` aborts, then its reason as an error, even when the source never answers again.
 * The source is closed when the reader leaves, without waiting for it.
 */
export async function * untilAborted<T> (source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const items = source[Symbol.asyncIterator]()
  let exhausted = false
  try {
    for (;;) {
      const next = await orAborted(Promise.resolve(items.next()), signal)
      exhausted = next.done === true
      if (next.done === true) break
      yield next.value
    }
    if (signal.aborted) throw abortReason(signal)
  } finally {
    if (!exhausted) close(items)
  }
}

/** Ends a stream without waiting for it. Twice does no harm. */
export function close (items: AsyncIterator<unknown>): void {
  const closing = async (): Promise<unknown> => items.return?.()
  closing().catch(() => {})
}
