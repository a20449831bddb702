/** Runs what concerns one agent one after the other, and what concerns different agents side by side. */
export class AgentLocks {
  readonly #tails = new Map<string, Promise<unknown>>()

  async run<T> (name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(name) ?? Promise.resolve()
    const mine = before.then(work, work)
    this.#tails.set(name, mine)
    try {
      return await mine
    } finally {
      if (this.#tails.get(name) === mine) this.#tails.delete(name)
    }
  }
}
