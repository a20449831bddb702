import { createHash } from 'node:crypto'
import { FIELD, FRAME, type Change, type Clock, type Store } from '../../contract/index.js'
import { findField, viewOf } from '../frames/frame.js'

/** The collection of delivery keys: when a message came under each, and in which conversation. */
export const DELIVERY_KEYS = 'delivery-keys'

/** For how long delivery keys are known, in milliseconds, and how many at the most: the oldest go first. */
export interface KeyRules {
  readonly window: number
  readonly most: number
}

/** A message that came under a key. */
export interface KnownKey {
  /** Wall-clock time. */
  readonly at: number
  readonly conversation: bigint
  /** False: it could not be kept, and the key is forgotten. */
  readonly isKept: Promise<boolean>
}

/** A key that is remembered together with its message. */
export interface Remembering {
  readonly changes: readonly Change[]
  /** To be called when it is clear whether the changes were kept. */
  readonly settled: (isKept: boolean) => void
}

/** 132 bits tell any two keys apart. */
const ID_LENGTH = 22
const VALUE_BYTES = 16
/** Keys that one new one pushes out at the most: after a day without messages many are too old at once. */
const FORGOTTEN_AT_ONCE = 64
const KEPT = Promise.resolve(true)

/** Which messages came under a delivery key, so that a sender who says one again is not heard twice. Main thread only. */
export class DeliveryKeys {
  /** Oldest first. */
  readonly #known = new Map<string, KnownKey>()

  constructor (private readonly store: Store, private readonly clock: Clock, private readonly rules: KeyRules) {}

  /** Reads what an earlier process remembered. */
  async open (): Promise<void> {
    const all: Array<readonly [id: string, known: KnownKey]> = []
    for await (const { key, value } of this.store.scan(DELIVERY_KEYS)) {
      if (value.byteLength !== VALUE_BYTES) continue
      const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
      all.push([key, { at: view.getFloat64(0), conversation: view.getBigUint64(8), isKept: KEPT }])
    }
    for (const [id, known] of all.sort(([, one], [, other]) => one.at - other.at)) this.#known.set(id, known)
  }

  /** Under what a message is known: its key, and who sends it to whom. Undefined: it has no key. */
  idOf (frame: Uint8Array, receiver: string, sender: string): string | undefined {
    const view = viewOf(frame)
    const at = findField(view, 0, FIELD.deliveryKey)
    const length = at < 0 ? 0 : view.getUint16(at - 2, true)
    if (length === 0) return undefined
    const hash = createHash('sha256').update(`${receiver}\n${sender}\n`).update(frame.subarray(at, at + length))
    return hash.digest('base64url').slice(0, ID_LENGTH)
  }

  /** Under what a message of another node is known: its own id, and who gets it. That outlives links, and both nodes' restarts. */
  idOfMessage (frame: Uint8Array, receiver: string): string {
    const hash = createHash('sha256').update(`${receiver}\n`).update(frame.subarray(FRAME.messageEpoch, FRAME.messageCounter + 8))
    return hash.digest('base64url').slice(0, ID_LENGTH)
  }

  /** The message that came under the id and is remembered. */
  find (id: string): KnownKey | undefined {
    const known = this.#known.get(id)
    return known !== undefined && this.#isFresh(known) ? known : undefined
  }

  /** Remembers an id from now on; its changes belong into the commit of its message. */
  remember (id: string, conversation: bigint): Remembering {
    const at = this.clock.now()
    let settle: (isKept: boolean) => void = () => {}
    const isKept = new Promise<boolean>(resolve => { settle = resolve })
    const known = { at, conversation, isKept }
    this.#known.delete(id)
    this.#known.set(id, known)
    const value = new Uint8Array(VALUE_BYTES)
    const view = new DataView(value.buffer)
    view.setFloat64(0, at)
    view.setBigUint64(8, conversation)
    return {
      changes: [{ put: DELIVERY_KEYS, key: id, value }, ...this.#outdated()],
      settled: isKept => {
        if (!isKept && this.#known.get(id) === known) this.#known.delete(id)
        settle(isKept)
      },
    }
  }

  /** Forgets an id, because its message was given up: it may be said again. */
  forget (id: string): Change {
    this.#known.delete(id)
    return { delete: DELIVERY_KEYS, key: id }
  }

  #outdated (): Change[] {
    const outdated: Change[] = []
    for (const [id, known] of this.#known) {
      if (outdated.length === FORGOTTEN_AT_ONCE || (this.#known.size <= this.rules.most && this.#isFresh(known))) break
      outdated.push(this.forget(id))
    }
    return outdated
  }

  #isFresh ({ at }: KnownKey): boolean {
    return this.clock.now() - at < this.rules.window
  }
}
