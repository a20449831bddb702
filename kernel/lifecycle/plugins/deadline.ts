import type { Clock } from '../../contract/index.js'

/** How long something may take, and what it means when it takes longer or is called off. */
export interface Deadline {
  readonly clock: Clock
  readonly milliseconds: number
  /** Calls it off. */
  readonly signal?: AbortSignal | undefined
  readonly late: () => Error
  readonly cancelled: () => Error
}

/**
 * Runs `work` and rejects as soon as its time is over or it is called off, even if it never settles; its signal then
 * aborts. What it does afterwards, a late rejection included, is of no consequence.
 */
export async function within<T> (deadline: Deadline, work: (signal: AbortSignal) => Promise<T> | T): Promise<T> {
  const { clock, milliseconds, signal, late, cancelled } = deadline
  if (signal?.aborted === true) throw cancelled()
  const own = new AbortController()
  let release = (): void => {}
  const interrupted = new Promise<never>((_resolve, reject) => {
    const interrupt = (error: Error): void => {
      reject(error)
      own.abort(error)
    }
    const onAbort = (): void => { interrupt(cancelled()) }
    const timer = clock.after(milliseconds, () => { interrupt(late()) })
    signal?.addEventListener('abort', onAbort, { once: true })
    release = () => {
      timer.cancel()
      signal?.removeEventListener('abort', onAbort)
    }
  })
  try {
    return await Promise.race([invoke(work, own.signal), interrupted])
  } finally {
    release()
  }
}

/** Turns what is thrown at once into a rejection. */
async function invoke<T> (work: (signal: AbortSignal) => Promise<T> | T, signal: AbortSignal): Promise<T> {
  return await work(signal)
}
