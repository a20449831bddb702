import type { Clock, Timer } from '../clock.js'
import { disagreement, encodeHello, parseHello, type Hello } from './hello.js'
import { LONGEST_HELLO, LONGEST_PROOF, LONGEST_REASON, recordOf, RecordKind } from './link-records.js'
import type { LinkWriter } from './link-writer.js'
import { MalformedInput } from './malformed-input.js'
import { RecordReader, type RecordSink } from './record-reader.js'
import type { Wire } from './wire.js'

/** How the two sides of a connection find out who is at the other end. */
export interface Proof {
  /** What this side shows, once the other has said hello; undefined where the connection itself has shown it. */
  readonly show?: (theirs: Hello) => Uint8Array
  /** Why the other side is not the node that its hello names; undefined: it is. `shown` is there if this side shows something. */
  readonly doubt: (theirs: Hello, shown: Uint8Array | undefined) => string | undefined
  /** The certificate (DER) by which the other side was believed, if it was by one. */
  readonly certificate?: () => Uint8Array | undefined
}

/** How a greeting ended, if not well. */
export interface Refusal {
  /** Part of a sentence whose subject is the other node. */
  readonly reason: string
  /** By its own word; unproven. */
  readonly nodeId: string | undefined
  /** The other side broke the rules. */
  readonly isMalformed: boolean
  /** It only came and went, as those who look for open ports do. */
  readonly isSilent: boolean
}

export interface Greeted {
  agreed (theirs: Hello, reader: RecordReader): void
  refused (refusal: Refusal): void
}

/** How long a refused peer has to take the reason with it. */
export const FAREWELL = 1000

/**
 * The beginning of a link: both sides say hello, prove who they are if the connection has not, and bid each other welcome. Whoever is
 * not content says why in a goodbye.
 */
export class Greeting implements RecordSink {
  readonly limits = limitsOfGreeting()
  readonly #reader = new RecordReader(this)
  #timer: Timer | undefined
  #theirs: Hello | undefined
  #isContent = false
  #isWelcome = false
  #isOver = false

  constructor (
    private readonly wire: Wire,
    private readonly writer: LinkWriter,
    private readonly own: Hello,
    private readonly proof: Proof,
    private readonly clock: Clock,
    private readonly greeted: Greeted,
  ) {}

  begin (timeout: number): void {
    this.#timer = this.clock.after(timeout, () => { this.#refuse(`it did not greet within ${timeout} ms`) })
    this.wire.open(this.#reader)
    this.writer.urge(recordOf(RecordKind.hello, encodeHello(this.own)))
  }

  /** Ends it at once; nobody is told. */
  abandon (): void {
    this.#leave()
    this.#drop()
  }

  record (kind: number, body: Uint8Array): void {
    if (kind === RecordKind.goodbye) {
      this.#fail(`it refuses this node: ${reasonIn(body)}`)
      return this.#drop()
    }
    if (kind === RecordKind.hello && this.#theirs === undefined) return this.#meet(parseHello(body))
    if (kind === RecordKind.proof && this.#theirs && !this.#isContent && this.proof.show) return this.#judge(this.#theirs, body)
    if (kind === RecordKind.welcome && this.#theirs && !this.#isWelcome) {
      this.#isWelcome = true
      return this.#agreeIfBoth()
    }
    throw new MalformedInput(`a record of kind ${kind} out of turn`)
  }

  malformed (reason: string): void {
    this.#fail(`it sent ${reason}`, true)
    this.#drop()
  }

  ended (reason: string): void {
    this.#fail(reason)
    this.#timer?.cancel()
    this.writer.stop()
  }

  #meet (theirs: Hello): void {
    this.#theirs = theirs
    const reason = disagreement(this.own, theirs) ?? onlyOneProves(this.own, theirs)
    if (reason !== undefined) return this.#refuse(reason)
    if (this.proof.show) this.writer.urge(recordOf(RecordKind.proof, this.proof.show(theirs)))
    else this.#judge(theirs, undefined)
  }

  #judge (theirs: Hello, shown: Uint8Array | undefined): void {
    const doubt = this.proof.doubt(theirs, shown)
    if (doubt !== undefined) return this.#refuse(doubt)
    this.#isContent = true
    this.writer.urge(recordOf(RecordKind.welcome))
    this.#agreeIfBoth()
  }

  #agreeIfBoth (): void {
    if (!this.#isContent || !this.#isWelcome || !this.#theirs) return
    this.#leave()
    this.greeted.agreed(this.#theirs, this.#reader)
  }

  /** Tells the other side why, and gives it a moment to take that in. */
  #refuse (reason: string): void {
    this.#fail(reason)
    this.writer.finish(goodbyeOf(reason), () => { this.wire.end() })
    this.#timer = this.clock.after(FAREWELL, () => { this.#drop() })
  }

  #fail (reason: string, isMalformed = false): void {
    if (this.#isOver) return
    this.#leave()
    this.#reader.stop()
    const isSilent = this.#theirs === undefined && this.#reader.received === 0
    this.greeted.refused({ reason, nodeId: this.#theirs?.nodeId, isMalformed, isSilent })
  }

  #leave (): void {
    this.#isOver = true
    this.#timer?.cancel()
  }

  #drop (): void {
    this.writer.stop()
    this.wire.destroy()
  }
}

/** A nonce is for who proves himself by signing. */
function onlyOneProves (own: Hello, theirs: Hello): string | undefined {
  if (own.nonce === undefined && theirs.nonce !== undefined) return 'it has a certificate, and this node has none'
  return own.nonce !== undefined && theirs.nonce === undefined ? 'it has no certificate, and this node has one' : undefined
}

/** A goodbye that says why. */
export function goodbyeOf (reason: string): Uint8Array {
  return recordOf(RecordKind.goodbye, new TextEncoder().encode(reason).subarray(0, LONGEST_REASON))
}

/** What a goodbye says, made safe for a log. */
function reasonIn (body: Uint8Array): string {
  return new TextDecoder().decode(body).replace(/[^\x20-\x7e]/g, '?') || 'it does not say why'
}

function limitsOfGreeting (): readonly number[] {
  const limits: number[] = []
  limits[RecordKind.hello] = LONGEST_HELLO
  limits[RecordKind.proof] = LONGEST_PROOF
  limits[RecordKind.welcome] = 0
  limits[RecordKind.goodbye] = LONGEST_REASON
  return limits
}
