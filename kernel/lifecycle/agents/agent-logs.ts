import { create } from '@bufbuild/protobuf'
import { AgentLogsResponseSchema, type AgentLogsResponse } from '../../contract/index.js'
import { BoundedStream } from '../../routing/bounded-stream.js'

/** Lines kept per agent, and bytes of memory for the lines of all agents together. */
const LINES = 1_000
const ALL_BYTES = 32 * 1024 * 1024
/** What a line costs besides its text, in bytes. */
const LINE_BYTES = 128
/** Lines that wait for one follower. */
const WAITING = 1_000
const LEVELS = ['debug', 'info', 'warn', 'error'] as const

/** The latest log lines of every agent, in memory, and those to come for whoever follows. */
export class AgentLogs {
  readonly #lines = new Map<string, AgentLogsResponse[]>()
  /** Lines that an agent ever wrote here. */
  readonly #written = new Map<string, number>()
  readonly #followers = new Map<string, Set<BoundedStream<AgentLogsResponse>>>()
  #bytes = 0

  /** @param allBytes Most bytes of memory for all lines; beyond, the agent that was silent longest loses its oldest. */
  constructor (private readonly allBytes = ALL_BYTES) {}

  /** Bytes of memory that the kept lines cost, by estimate. */
  get heldBytes (): number {
    return this.#bytes
  }

  /** @param level 0 debug to 3 error. */
  add (name: string, at: number, level: number, text: string): void {
    const line = create(AgentLogsResponseSchema, { at: BigInt(at), level: LEVELS[level] ?? 'info', text })
    const lines = this.#lines.get(name) ?? []
    // Re-inserted, so that the agent that was silent longest comes first when room is needed.
    this.#lines.delete(name)
    this.#lines.set(name, lines)
    lines.push(line)
    this.#written.set(name, this.written(name) + 1)
    this.#bytes += costOf(line)
    if (lines.length > LINES) this.#dropFirst(name, lines)
    while (this.#bytes > this.allBytes) this.#dropOldest()
    for (const follower of this.#followers.get(name) ?? []) follower.push(line)
  }

  /** The latest lines of an agent, oldest first. */
  latest (name: string, count: number): readonly AgentLogsResponse[] {
    return count <= 0 ? [] : (this.#lines.get(name) ?? []).slice(-count)
  }

  /** How many lines an agent wrote so far. */
  written (name: string): number {
    return this.#written.get(name) ?? 0
  }

  /** Those of the latest lines, oldest first, that came after its first so many. */
  since (name: string, written: number): readonly AgentLogsResponse[] {
    return this.latest(name, this.written(name) - written)
  }

  /** The latest lines, then those to come, until the signal aborts. */
  async * follow (name: string, count: number, signal: AbortSignal): AsyncGenerator<AgentLogsResponse, void, undefined> {
    const stream = new BoundedStream<AgentLogsResponse>(WAITING, signal)
    const followers = this.#followers.get(name) ?? new Set()
    this.#followers.set(name, followers.add(stream))
    try {
      yield * this.latest(name, count)
      yield * stream
    } finally {
      followers.delete(stream)
      if (followers.size === 0) this.#followers.delete(name)
    }
  }

  forget (name: string): void {
    for (const line of this.#lines.get(name) ?? []) this.#bytes -= costOf(line)
    this.#lines.delete(name)
    this.#written.delete(name)
  }

  #dropOldest (): void {
    for (const [name, lines] of this.#lines) {
      this.#dropFirst(name, lines)
      return
    }
  }

  #dropFirst (name: string, lines: AgentLogsResponse[]): void {
    const dropped = lines.shift()
    if (dropped !== undefined) this.#bytes -= costOf(dropped)
    if (lines.length === 0) this.#lines.delete(name)
  }
}

/** Strings have two bytes a character at most. */
const costOf = ({ text }: AgentLogsResponse): number => LINE_BYTES + text.length * 2
