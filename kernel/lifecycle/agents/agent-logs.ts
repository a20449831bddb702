import { create } from '@bufbuild/protobuf'
import { AgentLogsResponseSchema, type AgentLogsResponse } from '../../contract/index.js'
import { BoundedStream } from '../../routing/bounded-stream.js'

/** Lines kept per agent, and for all agents together. */
const LINES = 1_000
const ALL_LINES = 100_000
const WAITING = 1_000
const LEVELS = ['debug', 'info', 'warn', 'error'] as const

/** The latest log lines of every agent, in memory, and those to come for whoever follows. */
export class AgentLogs {
  readonly #lines = new Map<string, AgentLogsResponse[]>()
  readonly #followers = new Map<string, Set<BoundedStream<AgentLogsResponse>>>()
  #count = 0

  /** @param level 0 debug to 3 error. */
  add (name: string, at: number, level: number, text: string): void {
    const line = create(AgentLogsResponseSchema, { at: BigInt(at), level: LEVELS[level] ?? 'info', text })
    const lines = this.#lines.get(name) ?? []
    // Re-inserted, so that the agent that was silent longest comes first when room is needed.
    this.#lines.delete(name)
    this.#lines.set(name, lines)
    lines.push(line)
    this.#count += 1
    if (lines.length > LINES) this.#dropFirst(name, lines)
    while (this.#count > ALL_LINES) this.#dropOldest()
    for (const follower of this.#followers.get(name) ?? []) follower.push(line)
  }

  latest (name: string, count: number): readonly AgentLogsResponse[] {
    return (this.#lines.get(name) ?? []).slice(-count)
  }

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
    this.#count -= this.#lines.get(name)?.length ?? 0
    this.#lines.delete(name)
  }

  #dropOldest (): void {
    for (const [name, lines] of this.#lines) {
      this.#dropFirst(name, lines)
      return
    }
  }

  #dropFirst (name: string, lines: AgentLogsResponse[]): void {
    lines.shift()
    this.#count -= 1
    if (lines.length === 0) this.#lines.delete(name)
  }
}
