import { GuestFault, type Act, type Guest, type GuestHost } from '../../../kernel/contract/in-shard.js'
import { decodeFrame, encodeFrame, type FrameFields } from '../../../kernel/routing/frames/frame.js'

const NOBODY = { handle: 0, generation: 0 }

/** What a {@link SocialGuest} does, in its configuration or in a request. */
export interface SocialOrder {
  readonly register?: readonly object[]
  readonly subscribe?: readonly string[]
  readonly send?: { readonly act: Act, readonly fields: FrameFields, readonly content: string }
  readonly trap?: boolean
}

/** Registers and subscribes as its configuration says, does what requests say, and logs whatever else it gets. */
export class SocialGuest implements Guest {
  constructor (private readonly host: GuestHost) {}

  start (configuration: Uint8Array): number {
    if (configuration.length > 0) this.#obey(JSON.parse(Buffer.from(configuration).toString()) as SocialOrder)
    return 0
  }

  handle (bytes: Uint8Array, offset: number, length: number): number {
    const { act, sender, conversation, fields, content } = decodeFrame(bytes.slice(offset, offset + length))
    const text = Buffer.from(content).toString()
    if (act !== 'request') {
      this.host.log(1, `${act} ${text}`)
      return 0
    }
    const result = this.#obey(JSON.parse(text) as SocialOrder)
    const { protocol } = fields
    const frame = encodeFrame({
      act: 'inform', receiver: sender, sender: NOBODY, conversation, content: Buffer.from(String(result)),
      fields: protocol === undefined ? {} : { protocol },
    })
    this.host.send(frame, 0, frame.length)
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

  /** The result of the last of what it does. */
  #obey ({ register = [], subscribe = [], send, trap }: SocialOrder): number {
    let result = 0
    for (const capability of register) result = this.host.register(JSON.stringify(capability))
    for (const topic of subscribe) result = this.host.subscribe(topic)
    if (send !== undefined) {
      const { act, fields, content } = send
      const frame = encodeFrame({ act, receiver: NOBODY, sender: NOBODY, fields, content: Buffer.from(content) })
      result = this.host.send(frame, 0, frame.length)
    }
    if (trap === true) throw new GuestFault('trap', 'as told')
    return result
  }
}
