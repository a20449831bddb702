import { actOfCode, FRAME, GuestFault, type Act, type Guest, type GuestHost } from '../../../kernel/contract/in-shard.js'
import { decodeFrame, encodeFrame, type FrameFields } from '../../../kernel/routing/frames/frame.js'

const NOBODY = { handle: 0, generation: 0 }

/** One thing that an agent says: an answer in the same conversation, or to others in a new one. */
export interface Reply {
  readonly act: Act
  readonly content?: string
  /** Milliseconds from now. */
  readonly replyBy?: number
  readonly to?: readonly string[]
  readonly protocol?: string
}

/** What an agent says to each act, one set of replies each time it hears it, the last for all later times; or that it traps. */
export type Rules = Readonly<Partial<Record<Act, ReadonlyArray<readonly Reply[] | 'trap'>>>> & {
  /** A capability that it registers. */
  readonly offers?: object
}

/** An agent that follows rules, so that a test can play any part of any protocol. */
export class RulesGuest implements Guest {
  readonly #heard = new Map<Act, number>()

  constructor (private readonly rules: Rules, private readonly host: GuestHost) {}

  start (): number {
    if (this.rules.offers !== undefined) this.host.register(JSON.stringify(this.rules.offers))
    return 0
  }

  handle (frame: Uint8Array, offset: number, length: number): number {
    const act = actOfCode(frame[offset + FRAME.act] ?? 0) ?? 'inform'
    const times = this.#heard.get(act) ?? 0
    this.#heard.set(act, times + 1)
    const all = this.rules[act] ?? []
    const replies = all[Math.min(times, all.length - 1)] ?? []
    if (replies === 'trap') throw new GuestFault('trap', 'unreachable')
    for (const reply of replies) this.#say(reply, frame.slice(offset, offset + length))
    return 0
  }

  tick (): number {
    return 0
  }

  save (): undefined {
    return undefined
  }

  load (): number {
    return 0
  }

  stop (): void {}

  memoryBytes (): number {
    return 65_536
  }

  fuelUsed (): number {
    return 100
  }

  #say (reply: Reply, heard: Uint8Array): void {
    const { sender, conversation, fields: { protocol } } = decodeFrame(heard)
    if (reply.to === undefined) {
      this.#send(reply, sender, conversation, protocol === undefined ? {} : { protocol })
      return
    }
    const fields = reply.protocol === undefined ? {} : { protocol: reply.protocol }
    let opened = 0n
    for (const to of reply.to) opened = this.#send(reply, NOBODY, opened, { ...fields, to })
  }

  #send ({ act, content = '', replyBy }: Reply, receiver: typeof NOBODY, conversation: bigint, fields: FrameFields): bigint {
    const deadline = replyBy === undefined ? 0 : Date.now() + replyBy
    const frame = encodeFrame({ act, receiver, sender: NOBODY, conversation, deadline, fields, content: Buffer.from(content) })
    const result = this.host.send(frame, 0, frame.length)
    if (result !== 0) this.host.log(3, `${act}: ${result}`)
    return decodeFrame(frame).conversation
  }
}
