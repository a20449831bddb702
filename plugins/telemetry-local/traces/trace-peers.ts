import { within, type Clock, type FinishedSpan, type Member, type PeerChannel, type Peers } from '../../../kernel/contract/index.js'
import type { FoundSpans } from './span-search.js'
import { readSpan } from './span-text.js'

/** Most traces that one trace leads to. */
const MOST_TRACES = 50
/** How often it is asked for traces that were found meanwhile. */
const ROUNDS = 3

/** A span, and the node that recorded it. */
export interface PlacedSpan {
  readonly node: string
  readonly span: FinishedSpan
}

/** What all nodes know of a trace. */
export interface GatheredTrace {
  /** In the order of their beginnings. */
  readonly spans: readonly PlacedSpan[]
  /** There are more. */
  readonly isCut: boolean
  /** Nodes that did not answer. */
  readonly silent: readonly string[]
}

/** Who is in the cluster, as far as it matters here. */
export interface MemberList {
  members (): ReadonlyArray<Pick<Member, 'nodeId' | 'state' | 'isCaxton'>>
}

/** What {@link TracePeers} works with. */
export interface TracePeersParts {
  readonly self: string
  readonly peers: Pick<Peers, 'channel'>
  readonly membership: MemberList | undefined
  readonly clock: Clock
  /** How long the others have, in milliseconds. */
  readonly timeout: number
  /** Looks among the spans of this node. */
  readonly search: (ids: readonly string[]) => Promise<FoundSpans>
}

/** Gathers the spans of a trace from all nodes. */
export class TracePeers {
  readonly #channel: PeerChannel

  /** Takes its channel, which must happen before this node is made known to others. */
  constructor (private readonly parts: TracePeersParts) {
    this.#channel = parts.peers.channel('telemetry-local', { asked: (_nodeId, bytes) => this.#answer(bytes) })
  }

  /** What is known of a trace, a conversation or a message, here and elsewhere. */
  async gather (id: string, signal: AbortSignal): Promise<GatheredTrace> {
    const found = new Map<string, PlacedSpan>()
    const silent = new Set<string>()
    let isCut = false
    let ids = new Set([id])
    for (let round = 0; round < ROUNDS; round++) {
      const answers = await Promise.all([this.parts.self, ...this.#others()].map(node => this.#ask(node, [...ids], signal)))
      for (const { node, answer } of answers) {
        if (answer === undefined) silent.add(node)
        else isCut ||= answer.isCut
        for (const span of answer?.spans ?? []) found.set(`${node} ${span.traceId} ${span.spanId}`, { node, span })
      }
      const traces = new Set(Array.from(found.values(), ({ span: { traceId } }) => traceId).slice(0, MOST_TRACES))
      if ([...traces].every(trace => ids.has(trace))) break
      ids = new Set([id, ...traces])
    }
    const spans = [...found.values()].sort((one, other) => one.span.startedAt - other.span.startedAt)
    return { spans, isCut, silent: [...silent].sort() }
  }

  #others (): string[] {
    const { membership, self } = this.parts
    return (membership?.members() ?? [])
      .filter(({ nodeId, state, isCaxton }) => isCaxton && nodeId !== self && (state === 'alive' || state === 'suspect'))
      .map(({ nodeId }) => nodeId)
  }

  async #ask (
    node: string, ids: readonly string[], signal: AbortSignal,
  ): Promise<{ readonly node: string, readonly answer: FoundSpans | undefined }> {
    const { self, search, clock, timeout } = this.parts
    if (node === self) return { node, answer: await search(ids) }
    try {
      const question = Buffer.from(JSON.stringify(ids))
      const bytes = await within(clock, timeout, signal, ending => this.#channel.ask(node, question, ending))
      return { node, answer: foundIn(bytes) }
    } catch (error) {
      if (signal.aborted) throw error
      return { node, answer: undefined }
    }
  }

  async #answer (bytes: Uint8Array): Promise<Uint8Array> {
    return Buffer.from(JSON.stringify(await this.parts.search(idsIn(bytes))))
  }
}

/** What a node answered; undefined when that can't be read. */
export function foundIn (bytes: Uint8Array): FoundSpans | undefined {
  const value = parsed(bytes)
  if (typeof value !== 'object' || value === null || !('spans' in value) || !Array.isArray(value.spans)) return undefined
  const spans = value.spans.map(readSpan).filter(span => span !== undefined)
  return { spans, isCut: 'isCut' in value && value.isCut === true }
}

/** What a node asked for. */
export function idsIn (bytes: Uint8Array): readonly string[] {
  const value = parsed(bytes)
  return Array.isArray(value) ? value.filter(each => typeof each === 'string').slice(0, MOST_TRACES + 1) : []
}

function parsed (bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
  } catch {
    return undefined
  }
}
