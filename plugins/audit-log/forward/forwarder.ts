/** A place outside to which records go as well. */
export interface ForwardTarget {
  /** For the operator: `syslog 10.0.0.9:514 (udp)`. */
  readonly name: string
  /** Resolves when the line is out of our hands. Rejects when it could not be sent. Without newline. */
  send (line: string, event: string): Promise<void>
  close (): Promise<void>
}

/** Sends records on, one after another, without ever holding up who recorded them. What there is no room for is not sent, and counted. */
export class Forwarder {
  readonly #waiting: Array<{ readonly line: string, readonly event: string }> = []
  #sending: Promise<void> | undefined
  #isStopped = false

  /** `lost`: told of each record that did not go there. */
  constructor (
    private readonly target: ForwardTarget, private readonly most: number, private readonly lost: (to: string, error: unknown) => void,
  ) {}

  forward (line: string, event: string): void {
    if (this.#isStopped || this.#waiting.length >= this.most) {
      this.lost(this.target.name, new Error('too many records wait to be sent'))
      return
    }
    this.#waiting.push({ line, event })
    this.#sending ??= this.#send()
  }

  /** Gives what waits until `signal` aborts; the rest is lost, and counted. */
  async stop (signal: AbortSignal): Promise<void> {
    this.#isStopped = true
    const given = new Promise<void>(resolve => {
      if (signal.aborted) resolve()
      else signal.addEventListener('abort', () => { resolve() }, { once: true })
    })
    await Promise.race([this.#sending, given])
    for (const _ of this.#waiting.splice(0)) this.lost(this.target.name, new Error('the server stops'))
    await this.target.close()
  }

  async #send (): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      try {
        await this.target.send(next.line, next.event)
      } catch (error) {
        this.lost(this.target.name, error)
      }
    }
    this.#sending = undefined
  }
}
