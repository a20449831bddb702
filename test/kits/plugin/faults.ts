/** Lets the calls that a plugin makes of others through, but for one of them. */
export class Faults {
  #calls = 0

  /** `at`: the number of the call that fails, from 1; 0: none does. */
  constructor (private readonly at = 0) {}

  /** Whether the call that was to fail was made. */
  get struck (): boolean {
    return this.at > 0 && this.#calls >= this.at
  }

  /** Called for each call. Throws for the one that fails. */
  pass (call: string): void {
    this.#calls += 1
    if (this.#calls === this.at) throw new Error(`the kit lets call ${this.at}, ${call}, fail`)
  }

  /** The same object, some of whose methods may fail. */
  over<T extends object> (target: T, methods: readonly string[]): T {
    return new Proxy(target, {
      get: (from, name): unknown => {
        const value: unknown = Reflect.get(from, name)
        if (typeof value !== 'function') return value
        return (...given: unknown[]): unknown => {
          if (typeof name === 'string' && methods.includes(name)) this.pass(name)
          return Reflect.apply(value, from, given)
        }
      },
    })
  }
}
