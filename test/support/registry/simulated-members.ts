import type { Clock, Member, Membership, Random, Timer, Whisper } from '../../../kernel/contract/index.js'

const PROBE = 300

/** What one node knows of the others, as a test says. Probes carry whispers to those that can be reached. */
export class SimulatedMembers implements Pick<Membership, 'member' | 'members' | 'whisper'> {
  #members: readonly Member[] = []
  #whisper: Whisper | undefined
  #timer: Timer | undefined

  constructor (
    private readonly nodeId: string, private readonly clock: Clock, private readonly random: Random,
    private readonly carry: (to: string, bytes: Uint8Array) => void,
  ) {}

  start (): void {
    this.#later(this.random.fraction() * PROBE)
  }

  stop (): void {
    this.#timer?.cancel()
  }

  know (members: readonly Member[]): void {
    this.#members = members
  }

  members (): readonly Member[] {
    return this.#members
  }

  member (nodeId: string): Member | undefined {
    return this.#members.find(member => member.nodeId === nodeId)
  }

  whisper (whisper: Whisper): void {
    this.#whisper = whisper
  }

  heard (from: string, bytes: Uint8Array): void {
    this.#whisper?.heard(from, bytes)
  }

  #later (milliseconds: number): void {
    this.#timer = this.clock.after(milliseconds, () => {
      this.#later(PROBE)
      const others = this.#members.filter(({ nodeId, state }) => nodeId !== this.nodeId && state === 'alive')
      const chosen = others[Math.floor(this.random.fraction() * others.length)]
      if (chosen && this.#whisper) this.carry(chosen.nodeId, this.#whisper.tell().slice())
    })
  }
}

/** A member of which only its id and state matter. */
export function memberOf (nodeId: string, state: Member['state'] = 'alive', zone = 'default'): Member {
  return {
    nodeId, host: '127.0.0.1', gossipPort: 7946, state, incarnation: 1, since: 0, isCaxton: true, zone, version: '0.1.0',
    roads: [], roundTrip: undefined,
  }
}
