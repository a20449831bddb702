import { FRAME } from '../contract/index.js'
import type { AddressList } from './address-list.js'
import type { Address } from './frame.js'
import { answerTo } from './platform-answers.js'
import type { RingWriter } from './ring.js'
import type { RouteTable } from './route-table.js'

interface Copy {
  readonly receiver: Address
  readonly place: number
  readonly isTaken: () => boolean
}

/** One message on its way to everybody who gets it: in which threads they are, and whether those have taken it from their rings. */
export class SentCopies {
  readonly #copies: readonly Copy[]

  /**
   * Asked at once after sending.
   *
   * @param isKept What is kept comes again when its thread is back: it is not lost.
   */
  constructor (
    private readonly frame: Uint8Array, private readonly isKept: boolean, receivers: AddressList,
    routes: RouteTable, writers: ReadonlyArray<RingWriter | undefined>,
  ) {
    this.#copies = Array.from(receivers.handles.subarray(0, receivers.count), (handle, index) => {
      const place = routes.place(handle)
      const writer = writers[place]
      const mark = writer?.mark ?? 0
      return { receiver: { handle, generation: receivers.generations[index] ?? 0 }, place, isTaken: () => writer?.hasTaken(mark) ?? true }
    })
  }

  get count (): number {
    return this.#copies.length
  }

  /** Those whose copies went away with their thread. What is still in the ring is handled when the thread is back. */
  lostAt (place: number): Address[] {
    return this.isKept ? [] : this.#copies.filter(copy => copy.place === place && copy.isTaken()).map(({ receiver }) => receiver)
  }

  /** The failure in place of the answer of one who went away with his thread. */
  lostAnswer ({ handle, generation }: Address): Uint8Array {
    const frame = this.frame.slice()
    const view = new DataView(frame.buffer)
    view.setUint32(FRAME.receiver, handle, true)
    view.setUint32(FRAME.receiverGeneration, generation, true)
    return answerTo(frame, { act: 'failure', code: 'SHARD_LOST' })
  }
}
