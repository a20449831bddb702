import type { OpenConversation } from './open-conversation.js'

/**
 * Bytes that the transcripts of a thread's open conversations take together at the most, and those of its ended ones.
 */
export const TRANSCRIPT_BYTES = 16 * 1024 * 1024
/** What an entry costs beside its content. */
const ENTRY_BYTES = 100

/** One message of a transcript. */
export interface TranscriptEntry {
  /** Wall-clock milliseconds. */
  readonly at: number
  readonly byInitiator: boolean
  /** Handle of the other end. */
  readonly participant: number
  /** Code of the act. */
  readonly act: number
  /** The beginning of the content, and how many bytes it had. */
  readonly content: Uint8Array
  readonly contentBytes: number
}

/**
 * The latest messages of open conversations, for whoever inspects them, when the operator asked for it. What does not
 * fit the bound of the thread is left out.
 */
export class ConversationTranscripts {
  readonly #entries = new Map<OpenConversation, TranscriptEntry[]>()
  #bytes = 0

  /** @param messages Of one conversation; 0: none are kept. @param contentBytes Of one message. */
  constructor (private readonly messages: number, private readonly contentBytes: number) {}

  get isWanted (): boolean {
    return this.messages > 0
  }

  add (conversation: OpenConversation, entry: Omit<TranscriptEntry, 'contentBytes'>): void {
    const content = entry.content.slice(0, this.contentBytes)
    const cost = content.length + ENTRY_BYTES
    if (!this.isWanted || this.#bytes + cost > TRANSCRIPT_BYTES) return
    const entries = this.#entries.get(conversation) ?? []
    if (entries.length >= this.messages) this.#bytes -= costOf(entries.splice(0, 1))
    entries.push({ ...entry, content, contentBytes: entry.content.length })
    this.#entries.set(conversation, entries)
    this.#bytes += cost
  }

  /** Oldest first. */
  of (conversation: OpenConversation): readonly TranscriptEntry[] {
    return this.#entries.get(conversation) ?? []
  }

  /** Takes what was kept of a conversation that ends. */
  take (conversation: OpenConversation): readonly TranscriptEntry[] {
    const entries = this.of(conversation)
    this.#entries.delete(conversation)
    this.#bytes -= costOf(entries)
    return entries
  }
}

/** What messages of a transcript take. */
export const costOf = (entries: readonly TranscriptEntry[]): number =>
  entries.reduce((sum, { content }) => sum + content.length + ENTRY_BYTES, 0)
