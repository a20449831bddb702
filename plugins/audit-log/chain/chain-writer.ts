import type { Clock, Timer } from '../../../kernel/contract/index.js'
import { AuditLogFull, AuditLogStopped, AuditLogUnwritable } from '../audit-errors.js'
import type { AuditFolder, OpenSegment } from '../folder/audit-folder.js'
import { encodeHead } from './head.js'
import type { LogEnd } from './log-opening.js'
import type { Position } from './sealed-line.js'
import { Sealer, type Unsealed } from './sealer.js'
import type { SigningKey } from './signing-key.js'

export interface ChainSettings {
  readonly nodeId: string
  /** Bytes and milliseconds after which a new segment begins. */
  readonly segmentSize: number
  readonly segmentAge: number
  readonly checkpointInterval: number
  /** Most records that wait. */
  readonly queue: number
}

export interface ChainParts {
  readonly folder: AuditFolder
  readonly hashKey: Uint8Array
  readonly clock: Clock
  readonly settings: ChainSettings
  /** Told of every record that is on disk, in order; must not throw. */
  readonly written: (line: string, event: string) => void
  /** Told when records can't be written, and with `undefined` when they can be again. */
  readonly trouble: (error: Error | undefined) => void
}

interface Waiting extends Unsealed {
  /** Nobody waits for a record without it; then it waits itself until it can be written. */
  readonly settle?: { readonly resolve: () => void, readonly reject: (error: unknown) => void }
}

/** Most records of one group: what waits while one is synced goes into the next. */
const LARGEST_GROUP = 1_000
/** Wait before records are tried again for which nobody waits, in milliseconds. */
const PAUSE = 1_000

/**
 * Writes records one after another, each sealed with the hash of the one before, in groups that share one write. A group that can't be
 * written is taken back as a whole, so that the chain is always whole on the disk.
 */
export class ChainWriter {
  #queue: Waiting[] = []
  #pumping: Promise<void> | undefined
  readonly #sealer: Sealer
  #segment: number
  #open: OpenSegment | undefined
  #size: number
  #began: number
  #position: Position
  #isUnsound = false
  #isTroubled = false
  #isStopped = false
  /** The latest time that was put in words, and its words: many records come in the same millisecond. */
  #timeOf = Number.NaN
  #timeText = ''
  #sealedAt: number
  #checkpoint: Timer | undefined
  #again: Timer | undefined
  constructor (private readonly parts: ChainParts, end: LogEnd, signer: SigningKey) {
    this.#sealer = new Sealer(signer)
    this.#segment = end.segment
    this.#size = end.size
    this.#began = end.began ?? parts.clock.now()
    this.#position = end.position
    this.#sealedAt = end.position.seq
  }

  get segment (): number {
    return this.#segment
  }

  get position (): Position {
    return this.#position
  }

  /** Resolves when the record is on the disk; rejects if it can't be written now, and then it never will. */
  keep (body: Waiting['body'], isSigned = false): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#add({ body, time: this.#time(), isSigned, settle: { resolve, reject } })
    })
  }

  /** Puts a record in its place behind those that wait; it is written with them. Throws `AUDIT_LOG_FULL` if too many wait. */
  post (body: Waiting['body'], isSigned = false): void {
    this.#add({ body, time: this.#time(), isSigned })
  }

  /** The old key signs last what the new one is. */
  changeSigner (signer: SigningKey): void {
    if (signer.facts.id === this.#sealer.keyId) return
    void this.keep({ event: 'checkpoint', because: 'the signing key changes', successor: signer.facts }, true).then(() => {
      this.#sealer.change(signer)
      this.post({ event: 'checkpoint', because: 'the signing key has changed' }, true)
    }).catch((error: unknown) => { this.#noteTrouble(asError(error)) })
  }

  /** Writes what waits, and signs the end. */
  async stop (): Promise<void> {
    this.#checkpoint?.cancel()
    this.#again?.cancel()
    const last = this.keep({ event: 'checkpoint', because: 'the server stops' }, true)
    this.#isStopped = true
    try {
      await last
    } finally {
      this.#again?.cancel()
      this.#checkpoint?.cancel()
      await this.#pumping
      await this.#open?.close()
      for (const { settle } of this.#queue.splice(0)) settle?.reject(AuditLogStopped({}))
    }
  }

  #add (waiting: Waiting): void {
    if (this.#isStopped) throw AuditLogStopped({})
    if (this.#queue.length >= this.parts.settings.queue) throw AuditLogFull({ waiting: this.#queue.length })
    this.#queue.push(waiting)
    this.#pumping ??= this.#pump()
  }

  async #pump (): Promise<void> {
    while (this.#queue.length > 0) {
      // What is recorded in the same turn of the event loop goes into one group: the ways to the disk cost more than the records.
      await new Promise<void>(resolve => { this.parts.clock.after(0, resolve) })
      const group = this.#queue.splice(0, LARGEST_GROUP)
      try {
        await this.#write(group)
        for (const { settle } of group) settle?.resolve()
        this.#noteTrouble(undefined)
      } catch (error) {
        this.#isUnsound = true
        const { message: reason } = asError(error)
        this.#noteTrouble(asError(error))
        const why = AuditLogUnwritable({ reason }, { cause: error })
        const all = [...group, ...this.#queue]
        this.#queue = all.filter(({ settle }) => settle === undefined)
        for (const { settle } of all) settle?.reject(why)
        break
      }
    }
    this.#pumping = undefined
    if (this.#queue.length > 0) this.#tryLater()
  }

  #tryLater (): void {
    this.#again?.cancel()
    if (!this.#isStopped) this.#again = this.parts.clock.after(PAUSE, () => { this.#pumping ??= this.#pump() })
  }

  async #write (group: readonly Waiting[]): Promise<void> {
    const open = await this.#sound()
    if (this.#size > 0 && this.#isOver()) await this.#rotate(open)
    await this.#append(group)
  }

  /** The segment, cut to what is good of it after a failure. */
  async #sound (): Promise<OpenSegment> {
    this.#open ??= await this.parts.folder.open(this.#segment)
    if (this.#isUnsound) await this.#open.truncate(this.#size)
    this.#isUnsound = false
    return this.#open
  }

  #isOver (): boolean {
    const { segmentSize, segmentAge } = this.parts.settings
    return this.#size >= segmentSize || this.parts.clock.now() - this.#began >= segmentAge
  }

  async #rotate (old: OpenSegment): Promise<void> {
    await this.#append([{ body: { event: 'checkpoint', because: 'the segment ends' }, time: this.#time(), isSigned: true }])
    this.#open = await this.parts.folder.open(this.#segment + 1)
    this.#segment += 1
    this.#size = 0
    this.#began = this.parts.clock.now()
    await old.close()
  }

  async #append (group: readonly Waiting[]): Promise<void> {
    const open = await this.#sound()
    const all = this.#size === 0 ? [this.#header(), ...group] : group
    const lines = this.#sealer.sealed(this.#position, all)
    const last = lines.at(-1)
    if (last === undefined) return
    const bytes = Buffer.from(lines.map(({ line }) => line).join(''))
    await open.append(bytes)
    this.#size += bytes.length
    this.#position = { seq: this.#position.seq + lines.length, hash: last.hash }
    const behind = this.#sealer.written(all)
    if (behind !== undefined) this.#sealedAt = this.#position.seq - behind
    await this.parts.folder.writeHead(encodeHead({ segment: this.#segment, ...this.#position }, this.parts.hashKey))
    lines.forEach(({ line }, index) => { this.parts.written(line, all[index]?.body.event ?? '') })
    this.#signLater()
  }

  #header (): Waiting {
    const { nodeId } = this.parts.settings
    const body = { event: 'segment', segment: this.#segment, format: 1, node: nodeId, previous: this.#position.hash }
    return { body, time: this.#time(), isSigned: true }
  }

  #signLater (): void {
    if (this.#isStopped || this.#checkpoint !== undefined || this.#sealedAt === this.#position.seq) return
    this.#checkpoint = this.parts.clock.after(this.parts.settings.checkpointInterval, () => {
      this.#checkpoint = undefined
      if (this.#queue.length < this.parts.settings.queue) this.post({ event: 'checkpoint' }, true)
      else this.#signLater()
    })
  }

  #noteTrouble (error: Error | undefined): void {
    if (error === undefined && !this.#isTroubled) return
    this.#isTroubled = error !== undefined
    this.parts.trouble(error)
  }

  #time (): string {
    const now = this.parts.clock.now()
    if (now !== this.#timeOf) {
      this.#timeOf = now
      this.#timeText = new Date(now).toISOString()
    }
    return this.#timeText
  }
}

const asError = (error: unknown): Error => error instanceof Error ? error : new Error(String(error))
