import type { Clock } from '../../contract/index.js'

/** Settles as `promise` does, or rejects with the signal's reason as soon as that aborts. */
export function orAborted<T> (promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => { reject(reasonOf(signal)) }
    const settle = (): void => { signal.removeEventListener('abort', abort) }
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(settle)
  })
}

/**
 * Does `work` within a time in milliseconds; its signal aborts, and the promise rejects, when the time is over or
 * `outer` aborts. Without `outer` only time ends it.
 */
export async function within<T> (
  clock: Clock, milliseconds: number, outer: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = new AbortController()
  const follow = (): void => { inner.abort(outer?.reason) }
  const timer = clock.after(milliseconds, () => { inner.abort(new Error(`no answer within ${milliseconds} ms`)) })
  outer?.addEventListener('abort', follow)
  try {
    if (outer?.aborted === true) throw reasonOf(outer)
    return await orAborted(work(inner.signal), inner.signal)
  } finally {
    timer.cancel()
    outer?.removeEventListener('abort', follow)
  }
}

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
    if (signal.aborted) throw reasonOf(signal)
  } finally {
    if (!exhausted) close(items)
  }
}

/** Ends a stream without waiting for it. Twice does no harm. */
export function close (items: AsyncIterator<unknown>): void {
  const closing = async (): Promise<unknown> => items.return?.()
  closing().catch(() => {})
}

/** Why a signal aborted, as an error. */
export function reasonOf (signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return reason instanceof Error ? reason : new DOMException(String(reason), 'AbortError')
}
