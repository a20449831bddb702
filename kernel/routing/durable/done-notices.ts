/** `isHandled` false: it was given up, and its sender was told. */
export type Done = (isHandled: boolean) => void

/** Tells whoever wants to know when a kept message is handled, or given up. Of one that is forgotten with its receiver nothing is told. */
export class DoneNotices {
  readonly #waiting = new Map<string, Done>()

  /** Calls back once for the message with this key in the store; whoever asked before for the same is told nothing. */
  when (key: string, done: Done): void {
    this.#waiting.set(key, done)
  }

  forget (key: string): void {
    this.#waiting.delete(key)
  }

  tell (key: string, isHandled: boolean): void {
    const done = this.#waiting.get(key)
    this.#waiting.delete(key)
    done?.(isHandled)
  }
}
