import { ACTS, actCode, OVER, type LateAnswer, type Protocol, type Speaker } from '../../contract/in-shard.js'
import { viewOf } from '../frames/frame.js'
import type { Illegal } from './verdict.js'

export const INITIATOR = 0
export const PARTICIPANT = 1
/** A failure by which the platform speaks for a participant. */
export const PLATFORM = 2

const ROLES: readonly Speaker[] = ['initiator', 'participant', 'platform']
const ILLEGAL = 255

/** What a deadline does, in numbers. */
export interface CompiledDeadline {
  readonly to: number
  readonly tells: number
  /** The participant is told; otherwise the initiator. */
  readonly tellsParticipant: boolean
}

/** A protocol compiled to numbers: one look-up answers whether an act is legal. */
export class ProtocolTable {
  /** Its name as frames carry it. */
  readonly nameBytes: DataView
  /** The same as `nameBytes.byteLength`, which is a call. */
  readonly nameLength: number
  readonly initial: number
  readonly #states: readonly string[]
  readonly #next: number[]
  /** By state: 1 where it is final. */
  readonly #finality: readonly number[]
  readonly #deadlines: ReadonlyMap<number, CompiledDeadline>

  constructor (readonly protocol: Protocol) {
    this.nameBytes = viewOf(new TextEncoder().encode(protocol.name))
    this.nameLength = this.nameBytes.byteLength
    const led = [...protocol.steps, ...protocol.deadlines].flatMap(({ state, to }) => [state, to])
    this.#states = [...new Set([protocol.initial, ...led, ...protocol.final])]
    if (this.#states.length > ILLEGAL) throw new RangeError(`the protocol ${protocol.name} has more than ${ILLEGAL} states`)
    this.#next = Array.from({ length: this.#states.length * ROLES.length * 32 }, () => ILLEGAL)
    for (const step of protocol.steps) {
      const role = ROLES.indexOf(step.role)
      for (const act of step.acts) this.#next[this.#index(this.#number(step.state), role, actCode(act))] = this.#number(step.to)
    }
    this.initial = this.#number(protocol.initial)
    this.#finality = this.#states.map(state => protocol.final.includes(state) ? 1 : 0)
    this.#deadlines = new Map(protocol.deadlines.map(({ state, to, tells, whom }) =>
      [this.#number(state), { to: this.#number(to), tells: actCode(tells), tellsParticipant: whom === 'participant' }]))
  }

  /** The state after an act, or -1 when it is illegal there. `role`: {@link INITIATOR}, {@link PARTICIPANT}, {@link PLATFORM}. */
  next (state: number, role: number, act: number): number {
    const to = this.#next[this.#index(state, role, act)] ?? ILLEGAL
    return to === ILLEGAL ? -1 : to
  }

  isFinal (state: number): boolean {
    return this.#finality[state] !== 0
  }

  /** 1 when a change of state brings a branch to its end, -1 when it opens it again, else 0. */
  finished (from: number, to: number): number {
    return (this.#finality[to] ?? 1) - (this.#finality[from] ?? 1)
  }

  deadline (state: number): CompiledDeadline | undefined {
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

  /** What is said to whoever uttered an act that is illegal in a state. */
  refusal (state: number, role: number, act: number): Illegal {
    const answer = this.#lateAnswer(this.stateName(state), role, act)
    return answer === undefined
      ? { legal: false, state: this.stateName(state), acts: this.legal(state, role) }
      : { legal: false, answer }
  }

  /** What is said to a participant whose act came when the conversation was over, if it is more than that. */
  refusalWhenOver (act: number): Illegal | undefined {
    const answer = this.#lateAnswer(OVER, PARTICIPANT, act)
    return answer === undefined ? undefined : { legal: false, answer }
  }

  #lateAnswer (state: string, role: number, act: number): LateAnswer | undefined {
    return this.protocol.lateAnswers?.find(late =>
      late.state === state && late.role === ROLES[role] && late.acts.some(each => actCode(each) === act))
  }

  #index (state: number, role: number, act: number): number {
    return (state * ROLES.length + role) * 32 + act
  }

  #number (state: string): number {
    return this.#states.indexOf(state)
  }
}
