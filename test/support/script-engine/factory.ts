import { actCode, FRAME, GuestFault, type Guest, type GuestFactory, type GuestHost } from '../../../kernel/contract/in-shard.js'
import { decodeFrame, encodeFrame } from '../../../kernel/routing/frames/frame.js'
import { LedgerGuest } from './ledger-guest.js'
import { RulesGuest, type Rules } from './rules-guest.js'
import { SocialGuest } from './social-guest.js'
import { RecorderGuest, StreamGuest } from './stream-guests.js'

const INFORM = actCode('inform')
const ALARM = 7
/** How long one takes that is slow, in milliseconds. */
const DAWDLING = 40

/** Guests written in JavaScript, so that the kernel can be tested without any engine for WebAssembly. */
export async function createFactory (): Promise<GuestFactory> {
  return {
    create (artefact, host) {
      const script = String(artefact)
      if (script === 'trap-at-birth') throw new GuestFault('trap', 'unreachable')
      if (script === 'social') return new SocialGuest(host)
      if (script.startsWith('recorder')) return new RecorderGuest(host, script.split('/')[1])
      if (script.startsWith('ledger')) return new LedgerGuest(host)
      if (script === 'stream') return new StreamGuest(host)
      return script.startsWith('{') ? new RulesGuest(JSON.parse(script) as Rules, host) : new ScriptGuest(script, host)
    },
  }
}

class ScriptGuest implements Guest {
  #count = 0
  #timers = 0
  #configured = ''

  private readonly script: string
  /** What it does wrong, or else than others of its kind. */
  private readonly quirk: string

  /** @param text Name of the script, and after a slash its quirk. */
  constructor (text: string, private readonly host: GuestHost) {
    const [script = '', quirk = ''] = text.split('/')
    this.script = script
    this.quirk = quirk
  }

  start (configuration: Uint8Array): number {
    if (this.script === 'refuse-to-start') return -1
    if (this.quirk === 'refuse-to-start') return -1
    if (this.quirk === 'trap-at-start') throw new GuestFault('trap', 'unreachable')
    if (this.quirk === 'send-at-start') return this.host.send(new Uint8Array(FRAME.headerBytes), 0, FRAME.headerBytes)
    if (this.quirk === 'announce') this.host.register('{"name":"counting"}')
    if (this.quirk === 'alarm') this.host.timer(60, ALARM)
    if (this.script === 'ticker') this.host.timer(10, 1)
    if (this.script === 'announcer') this.host.register('{"name":"weather"}')
    this.#configured = Buffer.from(configuration).toString()
    if (configuration.length > 0) this.host.log(1, Buffer.from(configuration).toString())
    return 0
  }

  handle (frame: Uint8Array, offset: number, length: number): number {
    this.#count += 1
    switch (this.script) {
      case 'echo': return this.#reply(frame.slice(offset, offset + length), INFORM)
      case 'counter': return this.#replyText(frame.slice(offset, offset + length), String(this.#count))
      case 'agree-then-inform':
        this.#reply(frame.slice(offset, offset + length), actCode('agree'))
        return this.#reply(frame.slice(offset, offset + length), INFORM)
      case 'illegal': return this.#reply(frame.slice(offset, offset + length), actCode('propose'))
      case 'dawdle':
        for (const end = performance.now() + DAWDLING; performance.now() < end;) Math.random()
        return this.#reply(frame.slice(offset, offset + length), INFORM)
      case 'trap': throw new GuestFault('trap', 'unreachable')
      case 'fuel': throw new GuestFault('fuel', 'out of fuel')
      case 'complain': return -1
      case 'look-up':
        this.host.log(1, this.host.lookup('echo') === 0n ? 'found nobody' : 'found echo')
        return this.#reply(frame.slice(offset, offset + length), INFORM)
      case 'negotiator': return this.#negotiate(frame.slice(offset, offset + length))
      case 'flood': return this.#flood(frame.slice(offset, offset + length))
      case 'spin': for (;;) Math.random()
      default: return 0
    }
  }

  tick (id: number): number {
    this.#timers += 1
    this.host.log(1, id === ALARM ? 'alarm' : `tick ${this.#timers}`)
    return 0
  }

  save (): Uint8Array | undefined {
    if (this.quirk === 'trap-at-save') throw new GuestFault('trap', 'unreachable')
    return this.script === 'counter' ? Buffer.from(String(this.#count)) : undefined
  }

  load (state: Uint8Array, fromVersion: number): number {
    if (this.quirk === 'refuse-to-load') return -3
    if (this.quirk === 'trap-at-load') throw new GuestFault('trap', 'unreachable')
    if (this.quirk === 'fuel-at-load') throw new GuestFault('fuel', 'out of fuel')
    this.host.log(1, `loaded what version ${fromVersion} saved`)
    this.#count = Number(Buffer.from(state).toString())
    return 0
  }

  stop (): void {
    this.host.log(1, 'stopped')
  }

  memoryBytes (): number {
    return 65_536
  }

  fuelUsed (): number {
    return 100
  }

  #reply (frame: Uint8Array, act: number): number {
    const view = new DataView(frame.buffer)
    for (let byte = 0; byte < 8; byte += 4) view.setUint32(FRAME.receiver + byte, view.getUint32(FRAME.sender + byte, true), true)
    frame[FRAME.act] = act
    view.setBigInt64(FRAME.deadline, 0n, true)
    return this.host.send(frame, 0, frame.length)
  }

  #replyText (frame: Uint8Array, text: string): number {
    const fieldEnd = FRAME.headerBytes + new DataView(frame.buffer).getUint32(FRAME.fieldBytes, true)
    const answer = new Uint8Array(fieldEnd + text.length)
    answer.set(frame.subarray(0, fieldEnd))
    answer.set(Buffer.from(text), fieldEnd)
    new DataView(answer.buffer).setUint32(FRAME.length, answer.length, true)
    return this.#reply(answer, INFORM)
  }

  /**
   * An inform makes it send a request to the agent that its configuration names, with the reply-by of the inform; it
   * writes down what else it gets.
   */
  #negotiate (frame: Uint8Array): number {
    const { act, deadline, content } = decodeFrame(frame)
    if (act !== 'inform' || this.#configured === '') {
      this.host.log(1, `${act} ${Buffer.from(content).toString()}`)
      return 0
    }
    const fields = { to: this.#configured, protocol: 'fipa-request' }
    const nobody = { handle: 0, generation: 0 }
    const request = encodeFrame({ act: 'request', receiver: nobody, sender: nobody, deadline, fields, content: Buffer.from('chair') })
    return this.host.send(request, 0, request.length)
  }

  /** Sends until it may not any more, and says in the last message how often that was. */
  #flood (frame: Uint8Array): number {
    let sent = 0
    while (this.#reply(frame.slice(), INFORM) === 0) sent += 1
    this.host.log(1, `sent ${sent}`)
    return 0
  }
}
