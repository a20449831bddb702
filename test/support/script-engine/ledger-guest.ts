import { actOfCode, FRAME, FRAME_FLAGS, GuestFault, type Act, type Guest, type GuestHost } from '../../../kernel/contract/in-shard.js'
import { decodeFrame, encodeFrame, type FrameDraft, type FrameFields, type ReadFrame } from '../../../kernel/routing/frames/frame.js'

const NOBODY = { handle: 0, generation: 0 }
const TIMER = 1

/**
 * Writes down what it is told, as its state, and says it on request. Offers and listens to what its configuration names. Does what some
 * texts say: `send NAME TEXT`, `all CAPABILITY TEXT`, `topic TOPIC TEXT`, `ask NAME TEXT` by the request protocol, of which it writes down
 * the end, `keyed NAME KEY` likewise with a delivery key, `receipt NAME TEXT` durably, wanting a receipt, `timer MILLISECONDS`, and
 * `complain NAME` or `trap NAME` after it has written to that one, `call TOOL LABEL JSON` and `keep-call` likewise durably, and
 * `withdraw LABEL` such a call. What a tool answers it writes down with the label.
 */
export class LedgerGuest implements Guest {
  #entries: string[] = []

  constructor (private readonly host: GuestHost) {}

  start (configuration: Uint8Array): number {
    const name = Buffer.from(configuration).toString()
    if (name === '') return 0
    this.host.subscribe(name)
    return this.host.register(JSON.stringify({ name }))
  }

  handle (bytes: Uint8Array, offset: number, length: number): number {
    const frame = decodeFrame(bytes.slice(offset, offset + length))
    const act = actOfCode(bytes[offset + FRAME.act] ?? 0)
    const text = Buffer.from(frame.content).toString()
    if (act === 'request') return this.#answer(frame, text)
    if (act !== undefined && this.#isAnswer(frame, act, text)) return 0
    this.#entries.push(text)
    const [verb = '', to = '', ...words] = text.split(' ')
    const content = words.join(' ')
    switch (verb) {
      case 'send': return this.#send('inform', content, { to })
      case 'all': return this.#send('inform', content, { toCapability: `all:${to}` })
      case 'topic': return this.#send('inform', content, { toTopic: to })
      case 'ask': return this.#send('request', content, { to, protocol: 'fipa-request' })
      case 'keyed':
        return this.#send('request', content, { to, protocol: 'fipa-request', deliveryKey: content }, NOBODY, 0n, { delivery: 1 })
      case 'receipt': return this.#send('inform', content, { to }, NOBODY, 0n, { delivery: 1, flags: FRAME_FLAGS.receipt })
      case 'call':
      case 'keep-call':
      case 'withdraw': return this.#call(verb, to, words)
      case 'timer':
        this.host.timer(Number(to), TIMER)
        return 0
      case 'complain':
        this.#send('inform', 'never', { to })
        return -1
      case 'trap':
        this.#send('inform', 'never', { to })
        throw new GuestFault('trap', 'unreachable')
      default: return 0
    }
  }

  tick (): number {
    this.#entries.push('rang')
    return 0
  }

  save (): Uint8Array {
    return Buffer.from(JSON.stringify(this.#entries))
  }

  load (state: Uint8Array): number {
    this.#entries = JSON.parse(Buffer.from(state).toString()) as string[]
    return 0
  }

  stop (): void {}

  memoryBytes (): number {
    return 65_536
  }

  fuelUsed (): number {
    return 100
  }

  #answer ({ sender, conversation, fields: { protocol, replyWith } }: ReadFrame, text: string): number {
    const fields: FrameFields = {
      ...protocol === undefined ? {} : { protocol }, ...replyWith === undefined ? {} : { inReplyTo: replyWith },
    }
    if (text === '') return this.#send('inform', JSON.stringify(this.#entries), fields, sender, conversation)
    this.#entries.push(text)
    this.#send('agree', text, fields, sender, conversation)
    return this.#send('inform', text, fields, sender, conversation)
  }

  /** What a tool says, and what comes by a protocol, is only written down. */
  #isAnswer ({ fields: { ontology, inReplyTo, protocol } }: ReadFrame, act: Act, text: string): boolean {
    if (ontology === 'caxton-tool') this.#entries.push(`${inReplyTo ?? ''} ${act} ${text}`)
    else if (protocol !== undefined) this.#entries.push(`${act}:${text}`)
    return ontology === 'caxton-tool' || protocol !== undefined
  }

  #call (verb: string, to: string, [label = '', ...words]: readonly string[]): number {
    const act: Act = verb === 'withdraw' ? 'cancel' : 'request'
    const fields: FrameFields = verb === 'withdraw' ? { inReplyTo: to } : { to, replyWith: label }
    const delivery = verb === 'keep-call' ? 1 : 0
    const frame = encodeFrame({ act, receiver: NOBODY, sender: NOBODY, fields, content: Buffer.from(words.join(' ')), delivery })
    const result = this.host.call(frame, 0, frame.length)
    if (result !== 0) this.#entries.push(`${act}: ${result}`)
    return 0
  }

  #send (
    act: Act, content: string, fields: FrameFields, receiver = NOBODY, conversation = 0n, more: Partial<FrameDraft> = {},
  ): number {
    const frame = encodeFrame({ act, receiver, sender: NOBODY, conversation, fields, content: Buffer.from(content), ...more })
    const result = this.host.send(frame, 0, frame.length)
    if (result !== 0) this.host.log(3, `${act}: ${result}`)
    return 0
  }
}
