/** The numbers of the durable messages that are on their way to each node. */
export class UnderWay {
  readonly #byNode = new Map<string, Set<number>>()

  add (nodeId: string, number: number): void {
    const known = this.#byNode.get(nodeId)
    if (known === undefined) this.#byNode.set(nodeId, new Set([number]))
    else known.add(number)
  }

  /** Whether it was on its way; it is no more. */
  take (nodeId: string, number: number): boolean {
    return this.#byNode.get(nodeId)?.delete(number) === true
  }

  takeAll (nodeId: string): Iterable<number> {
    const numbers = this.#byNode.get(nodeId) ?? []
    this.#byNode.delete(nodeId)
    return numbers
  }
}
