import { ACTS, actCode, type Protocol, type Role } from '../contract/index.js'

const ROLES: readonly Role[] = ['initiator', 'participant']
const ILLEGAL = 255

/** A protocol compiled to numbers: one look-up answers whether an act is legal. */
export class ProtocolTable {
  readonly nameBytes: Uint8Array
  readonly initial: number
  readonly #states: readonly string[]
  readonly #next: Uint8Array
  readonly #isFinal: readonly boolean[]
  readonly #deadlines: ReadonlyMap<number, { readonly to: number, readonly tells: number }>

  constructor (readonly protocol: Protocol) {
    this.nameBytes = new TextEncoder().encode(protocol.name)
    const led = [...protocol.steps, ...protocol.deadlines].flatMap(({ state, to }) => [state, to])
    this.#states = [...new Set([protocol.initial, ...led, ...protocol.final])]
    if (this.#states.length > ILLEGAL) throw new RangeError(`the protocol ${protocol.name} has more than ${ILLEGAL} states`)
    this.#next = new Uint8Array(this.#states.length * 2 * 32).fill(ILLEGAL)
    for (const step of protocol.steps) {
      const role = ROLES.indexOf(step.role)
      for (const act of step.acts) this.#next[this.#index(this.#number(step.state), role, actCode(act))] = this.#number(step.to)
    }
    this.initial = this.#number(protocol.initial)
    this.#isFinal = this.#states.map(state => protocol.final.includes(state))
    this.#deadlines = new Map(protocol.deadlines.map(deadline =>
      [this.#number(deadline.state), { to: this.#number(deadline.to), tells: actCode(deadline.tells) }]))
  }

  /** The state after an act, or -1 when it is illegal there. `role`: 0 initiator, 1 participant. */
  next (state: number, role: number, act: number): number {
    const to = this.#next[this.#index(state, role, act)] ?? ILLEGAL
    return to === ILLEGAL ? -1 : to
  }

  isFinal (state: number): boolean {
    return this.#isFinal[state] ?? true
  }

  deadline (state: number): { readonly to: number, readonly tells: number } | undefined {
    return this.#deadlines.get(state)
  }

  stateName (state: number): string {
    return this.#states[state] ?? 'unknown'
  }

  /** Number of a state, or -1 when the protocol has none of that name. */
  stateNumber (name: string): number {
    return this.#states.indexOf(name)
  }

  /** Acts that are legal for a role in a state, for the answer to an illegal one. */
  legal (state: number, role: number): string[] {
    return ACTS.filter(act => this.next(state, role, actCode(act)) >= 0)
  }

  #index (state: number, role: number, act: number): number {
    return (state * 2 + role) * 32 + act
  }

  #number (state: string): number {
    return this.#states.indexOf(state)
  }
}
