import { actCode, FRAME, GuestFault, HOST_RESULTS, type Guest, type GuestHost } from '../../../kernel/contract/in-shard.js'

const INFORM = actCode('inform')
const BURST = 40

/** What the guests of a stream have in common. */
abstract class PlainGuest implements Guest {
  constructor (protected readonly host: GuestHost) {}

  abstract handle (frame: Uint8Array, offset: number, length: number): number

  start (_configuration: Uint8Array): number {
    return 0
  }

  tick (_id: number): number {
    return 0
  }

  save (): Uint8Array | undefined {
    return undefined
  }

  load (_state: Uint8Array, _fromVersion: number): number {
    return 0
  }

  stop (): void {}

  memoryBytes (): number {
    return 65_536
  }

  fuelUsed (): number {
    return 100
  }
}

/** What a recorder knows of one sender: the number of its latest message, how many came, how many out of turn. */
export interface Recorded {
  last: number
  count: number
  wrong: number
}

/** Writes down what it got from whom, as its state; tells it to whoever requests. */
export class RecorderGuest extends PlainGuest {
  #senders: Record<string, Recorded> = {}

  /** @param quirk What its version does wrong when it takes over. */
  constructor (host: GuestHost, private readonly quirk: string | undefined) {
    super(host)
  }

  handle (frame: Uint8Array, offset: number, length: number): number {
    const own = frame.slice(offset, offset + length)
    const view = new DataView(own.buffer)
    if (own[FRAME.act] !== INFORM) return this.#tell(own, view)
    const sender = this.#senders[String(view.getUint32(FRAME.sender, true))] ??= { last: 0, count: 0, wrong: 0 }
    const number = view.getUint32(FRAME.headerBytes + view.getUint32(FRAME.fieldBytes, true), true)
    if (number !== sender.last + 1) sender.wrong += 1
    sender.last = number
    sender.count += 1
    return 0
  }

  override save (): Uint8Array {
    return Buffer.from(JSON.stringify(this.#senders))
  }

  override load (state: Uint8Array): number {
    if (this.quirk === 'refuse') return -1
    if (this.quirk === 'trap') throw new GuestFault('trap', 'unreachable')
    this.#senders = JSON.parse(Buffer.from(state).toString()) as Record<string, Recorded>
    return 0
  }

  #tell (frame: Uint8Array, view: DataView): number {
    const text = Buffer.from(JSON.stringify(this.#senders))
    const fieldEnd = FRAME.headerBytes + view.getUint32(FRAME.fieldBytes, true)
    const answer = new Uint8Array(fieldEnd + text.length)
    answer.set(frame.subarray(0, fieldEnd))
    answer.set(text, fieldEnd)
    const header = new DataView(answer.buffer)
    header.setUint32(FRAME.length, answer.length, true)
    for (let byte = 0; byte < 8; byte += 4) header.setUint32(FRAME.receiver + byte, header.getUint32(FRAME.sender + byte, true), true)
    answer[FRAME.act] = INFORM
    return this.host.send(answer, 0, answer.length)
  }
}

/**
 * Sends numbered messages to "recorder", as many as its configuration says, from the first message on. What is refused
 * because there is no room is sent again.
 */
export class StreamGuest extends PlainGuest {
  #left = 0
  #number = 1
  #address = 0n

  override start (configuration: Uint8Array): number {
    this.#left = Number(Buffer.from(configuration).toString())
    return 0
  }

  handle (frame: Uint8Array, offset: number): number {
    // What comes back is an error of the test: it shows in the log.
    if (frame[offset + FRAME.act] !== INFORM) this.host.log(3, `got act ${frame[offset + FRAME.act]}`)
    else this.#burst()
    return 0
  }

  override tick (): number {
    this.#burst()
    return 0
  }

  #burst (): void {
    this.#address = this.host.lookup('recorder')
    for (let sent = 0; sent < BURST && this.#left > 0; sent++) {
      const result = this.#send()
      if (result === HOST_RESULTS.full) break
      if (result !== HOST_RESULTS.ok) this.host.log(3, `send answered ${result}`)
      this.#left -= 1
      this.#number += 1
    }
    if (this.#left > 0) this.host.timer(1, 1)
    else this.host.log(1, 'done')
  }

  #send (): number {
    const frame = new Uint8Array(FRAME.headerBytes + 4)
    const view = new DataView(frame.buffer)
    view.setUint32(FRAME.length, frame.length, true)
    view.setUint8(FRAME.formatVersion, FRAME.version)
    view.setUint8(FRAME.act, INFORM)
    view.setUint8(FRAME.priority, 1)
    view.setUint32(FRAME.receiver, Number(this.#address & 0xffffffffn), true)
    view.setUint32(FRAME.receiverGeneration, Number(this.#address >> 32n), true)
    view.setUint32(FRAME.headerBytes, this.#number, true)
    return this.host.send(frame, 0, frame.length)
  }
}
