import { FRAME, HOST_RESULTS } from '../../kernel/contract/index.js'
import { decodeFrame, encodeFrame, type TestFrame } from './frame-codec.js'

const OS_PAGE = 4_096

type Sent = ReturnType<typeof decodeFrame>

interface AgentExports {
  readonly memory: WebAssembly.Memory
  readonly _initialize?: () => void
  readonly caxton_abi_1: () => void
  readonly caxton_alloc: (length: number) => number
  readonly caxton_handle: (at: number, length: number) => number
  readonly caxton_init?: (at: number, length: number) => number
  readonly caxton_tick?: (timer: number) => number
  readonly caxton_save?: () => bigint
  readonly caxton_load?: (at: number, length: number, fromVersion: number) => number
  readonly caxton_stop?: () => void
}

/**
 * The smallest host that an agent can run on: no metering, no limits, time and randomness by hand. Tests hand frames in
 * and read what the agent did.
 */
export class AgentHarness {
  readonly sent: Sent[] = []
  readonly called: Sent[] = []
  readonly logged: Array<{ readonly level: number, readonly text: string }> = []
  readonly timers: Array<{ readonly milliseconds: number, readonly id: number }> = []
  readonly registered: unknown[] = []
  readonly subscribed: string[] = []
  /** Agents that `lookup` finds. */
  readonly names = new Map<string, bigint>()
  now = 1_700_000_000_000n
  self = 2n << 32n | 9n
  /** What `send`, `call`, `register`, `subscribe`, `timer` and `random` answer. */
  result: number = HOST_RESULTS.ok
  private conversations = 100n
  private readonly agent: AgentExports

  constructor (bytes: Uint8Array) {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes)), this.imports())
    // Compiled agents are checked by the server; here a missing export shows as a failing call.
    this.agent = instance.exports as { [name: string]: WebAssembly.ExportValue } & AgentExports
  }

  start (configuration = ''): number {
    this.agent._initialize?.()
    const [at, length] = this.put(Buffer.from(configuration))
    return this.agent.caxton_init?.(at, length) ?? 0
  }

  /** Hands in a message; what is not given is zero or empty. */
  handle (frame: Partial<TestFrame>): number {
    const [at, length] = this.put(encodeFrame(frame))
    return this.agent.caxton_handle(at, length)
  }

  /** Hands in a message and gives the one that was sent while it was handled. */
  ask (frame: Partial<TestFrame>): Sent {
    const before = this.sent.length
    const outcome = this.handle(frame)
    const [answer, ...more] = this.sent.slice(before)
    if (outcome !== 0 || answer === undefined || more.length > 0) {
      const log = JSON.stringify(this.logged)
      throw new Error(`outcome ${outcome}, ${this.sent.length - before} messages sent, log: ${log}`)
    }
    return answer
  }

  tick (timer: number): number {
    return this.agent.caxton_tick?.(timer) ?? 0
  }

  save (): Uint8Array {
    const range = this.agent.caxton_save?.() ?? 0n
    return this.bytes(Number(BigInt.asUintN(32, range >> 32n)), Number(range & 0xffffffffn)).slice()
  }

  load (state: Uint8Array, fromVersion: number): number {
    const [at, length] = this.put(state)
    return this.agent.caxton_load?.(at, length, fromVersion) ?? 0
  }

  stop (): void {
    this.agent.caxton_stop?.()
  }

  alloc (length: number): number {
    return this.agent.caxton_alloc(length)
  }

  get memoryBytes (): number {
    return this.agent.memory.buffer.byteLength
  }

  /** Pages of the operating system, 4 KiB each, that hold something: those that stay in the server's memory. */
  get pagesInUse (): number {
    const all = new Uint8Array(this.agent.memory.buffer)
    const pages = Array.from({ length: all.length / OS_PAGE }, (_, page) => all.subarray(page * OS_PAGE, (page + 1) * OS_PAGE))
    return pages.filter(page => page.some(byte => byte !== 0)).length
  }

  private put (bytes: Uint8Array): [at: number, length: number] {
    const at = this.agent.caxton_alloc(bytes.length)
    if (at === 0) throw new Error(`the agent refuses ${bytes.length} bytes`)
    this.bytes(at, bytes.length).set(bytes)
    return [at, bytes.length]
  }

  private bytes (at: number, length: number): Uint8Array {
    return new Uint8Array(this.agent.memory.buffer, at, length)
  }

  private text (at: number, length: number): string {
    return Buffer.from(this.bytes(at, length)).toString()
  }

  private imports (): WebAssembly.Imports {
    return {
      caxton: {
        send: (at: number, length: number) => this.take(this.sent, at, length),
        call: (at: number, length: number) => this.take(this.called, at, length),
        self: () => this.self,
        lookup: (at: number, length: number) => this.names.get(this.text(at, length)) ?? 0n,
        register: (at: number, length: number) => {
          this.registered.push(JSON.parse(this.text(at, length)))
          return this.result
        },
        subscribe: (at: number, length: number) => {
          this.subscribed.push(this.text(at, length))
          return this.result
        },
        now: () => this.now,
        random: (at: number, length: number) => {
          this.bytes(at, length).fill(7)
          return this.result
        },
        timer: (milliseconds: number, id: number) => {
          this.timers.push({ milliseconds, id })
          return this.result
        },
        log: (level: number, at: number, length: number) => {
          this.logged.push({ level, text: this.text(at, length) })
        },
      },
      env: {
        abort: (message: number) => { throw new Error(`the agent gave up: ${this.utf16(message)}`) },
      },
    }
  }

  private take (into: Sent[], at: number, length: number): number {
    const frame = decodeFrame(this.bytes(at, length))
    if (this.result !== HOST_RESULTS.ok) return this.result
    into.push(frame)
    const header = new DataView(this.agent.memory.buffer, at, length)
    header.setBigUint64(FRAME.messageEpoch, 5n, true)
    header.setBigUint64(FRAME.messageCounter, BigInt(into.length), true)
    if (frame.conversation === 0n) header.setBigUint64(FRAME.conversation, ++this.conversations, true)
    return this.result
  }

  /** A string of AssemblyScript: its length in bytes stands before it. */
  private utf16 (at: number): string {
    const length = new DataView(this.agent.memory.buffer).getUint32(at - 4, true)
    return Buffer.from(this.bytes(at, length)).toString('utf16le')
  }
}
