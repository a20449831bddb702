import { isCaxtonError, PeerBusy, PeerUnreachable, type PeerHandlers } from '../../contract/index.js'
import { decodePiece, encodePiece, ENVELOPE, PIECE_BYTES, type Piece } from './envelope.js'
import { errorOf, wireOf } from './wire-error.js'

/** Most open questions to one node, and from one. */
const OPEN = 1_024
/** Most bytes of a question or an answer. */
const MOST_BYTES = 80 * 1024 * 1024

/** Sends a frame when there is room. Rejects when the node can't be reached. */
export type SendInTime = (frame: Uint8Array, signal: AbortSignal) => Promise<void>

interface Asked {
  readonly pieces: Uint8Array[]
  size: number
  readonly resolve: (answer: Uint8Array) => void
  readonly reject: (error: Error) => void
}

interface Answering {
  readonly channel: string
  readonly pieces: Uint8Array[]
  size: number
  readonly gone: AbortController
}

/** Questions and answers between this node and one other. */
export class PeerQuestions {
  readonly #asked = new Map<number, Asked>()
  readonly #answering = new Map<number, Answering>()
  #number = 0

  constructor (
    private readonly nodeId: string, private readonly send: SendInTime,
    private readonly handlers: (channel: string) => PeerHandlers | undefined,
  ) {}

  async ask (channel: string, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted()
    if (this.#asked.size >= OPEN) throw PeerBusy({ nodeId: this.nodeId })
    const question = this.#number = (this.#number + 1) >>> 0
    const leave = (): void => this.#leave(question, signal.reason)
    const answer = new Promise<Uint8Array>((resolve, reject) => this.#asked.set(question, { pieces: [], size: 0, resolve, reject }))
    signal.addEventListener('abort', leave, { once: true })
    try {
      await Promise.race([this.#sendPieces(ENVELOPE.ask, question, channel, bytes, signal), answer])
      return await answer
    } finally {
      signal.removeEventListener('abort', leave)
      this.#asked.delete(question)
      answer.catch(() => {})
    }
  }

  /** Takes a frame of one of the kinds that belong to questions. False when it is none. */
  take (frame: Uint8Array): boolean {
    const piece = decodePiece(frame)
    if (piece === undefined) return false
    if (piece.kind === ENVELOPE.ask) this.#takeQuestion(piece)
    else if (piece.kind === ENVELOPE.cancel) this.#answering.get(piece.question)?.gone.abort(new Error('the asker left'))
    else this.#takeAnswer(piece)
    return true
  }

  /** The link is gone, and with it whatever was half said. */
  lose (): void {
    for (const { reject } of this.#asked.values()) reject(PeerUnreachable({ nodeId: this.nodeId, reason: 'the link ended' }))
    this.#asked.clear()
    for (const { gone } of this.#answering.values()) gone.abort(new Error('the link ended'))
    this.#answering.clear()
  }

  #takeAnswer ({ kind, question, isLast, bytes }: Piece): void {
    const asked = this.#asked.get(question)
    if (asked === undefined) return
    asked.pieces.push(bytes)
    asked.size += bytes.length
    if (asked.size > MOST_BYTES) {
      this.#leave(question, PeerUnreachable({ nodeId: this.nodeId, reason: 'its answer is too long' }))
      return
    }
    if (!isLast) return
    this.#asked.delete(question)
    const whole = Buffer.concat(asked.pieces)
    if (kind === ENVELOPE.answer) asked.resolve(whole)
    else asked.reject(errorOf(whole, this.nodeId))
  }

  #takeQuestion ({ question, channel, isLast, bytes }: Piece): void {
    let answering = this.#answering.get(question)
    if (answering === undefined) {
      if (this.#answering.size >= OPEN) {
        void this.#refuse(question, PeerBusy({ nodeId: this.nodeId }))
        return
      }
      answering = { channel, pieces: [], size: 0, gone: new AbortController() }
      this.#answering.set(question, answering)
    }
    answering.pieces.push(bytes)
    answering.size += bytes.length
    if (answering.size > MOST_BYTES) {
      this.#answering.delete(question)
      void this.#refuse(question, PeerUnreachable({ nodeId: this.nodeId, reason: 'the question is too long' }))
      return
    }
    if (isLast) void this.#answer(question, answering)
  }

  async #answer (question: number, { channel, pieces, gone: { signal } }: Answering): Promise<void> {
    try {
      const handlers = this.handlers(channel)
      if (handlers?.asked === undefined) throw PeerUnreachable({ nodeId: this.nodeId, reason: `nobody listens on "${channel}"` })
      const answer = await handlers.asked(this.nodeId, Buffer.concat(pieces), signal)
      if (!signal.aborted) await this.#sendPieces(ENVELOPE.answer, question, '', answer, signal)
    } catch (error) {
      if (!signal.aborted) await this.#refuse(question, error)
    } finally {
      this.#answering.delete(question)
    }
  }

  async #refuse (question: number, error: unknown): Promise<void> {
    await this.#sendPieces(ENVELOPE.refusal, question, '', wireOf(error), new AbortController().signal).catch(() => {})
  }

  #leave (question: number, reason: unknown): void {
    const asked = this.#asked.get(question)
    if (asked === undefined) return
    this.#asked.delete(question)
    asked.reject(isCaxtonError(reason) || reason instanceof Error ? reason : new Error(String(reason)))
    this.#sendPieces(ENVELOPE.cancel, question, '', new Uint8Array(0), new AbortController().signal).catch(() => {})
  }

  async #sendPieces (kind: Piece['kind'], question: number, channel: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    for (let from = 0; from === 0 || from < bytes.length; from += PIECE_BYTES) {
      const piece = bytes.subarray(from, from + PIECE_BYTES)
      const isLast = from + PIECE_BYTES >= bytes.length
      await this.send(encodePiece({ kind, question, isLast, channel: from === 0 ? channel : '', bytes: piece }), signal)
    }
  }
}
