import { fromJson, toJson, type JsonValue } from '@bufbuild/protobuf'
import {
  AgentLogsResponseSchema, pause, type AgentLogsRequest, type AgentLogsResponse, type Clock, type PeerChannel, type Peers,
} from '../../contract/index.js'
import type { AgentLogs } from '../agents/agent-logs.js'
import type { AgentRoster } from '../agents/agent-roster.js'
import { AgentNotFound } from '../../routing/routing-errors.js'
import { decodeWords, encodeWords } from './agent-question.js'
import { QuestionMalformed } from './moving-errors.js'

/** How often it is asked for new lines, in milliseconds. */
const INTERVAL = 500
const LOG_LINES = 100

/** What {@link LogForwarding} works with. */
export interface LogForwardingParts {
  readonly peers: Pick<Peers, 'channel'>
  readonly roster: Pick<AgentRoster, 'find'>
  readonly logs: Pick<AgentLogs, 'latest' | 'since' | 'written'>
  /** The node that hosts an agent, this one included. */
  readonly nodeOf: (name: string) => string | undefined
  readonly clock: Clock
}

/** Lines of a log, and how many its agent wrote up to them on its node. */
interface Page {
  readonly written: number
  readonly lines: readonly AgentLogsResponse[]
}

/** Reads the logs of agents on other nodes, page by page, and goes after an agent that moves. */
export class LogForwarding {
  readonly #channel: PeerChannel

  /** Takes its channel, which must happen before this node is made known to others. */
  constructor (private readonly parts: LogForwardingParts) {
    this.#channel = parts.peers.channel('agent-logs', { asked: async (_nodeId, bytes) => this.#answer(bytes) })
  }

  /** The latest lines of an agent, and those to come if they are wanted. Throws `AGENT_NOT_FOUND` or `PEER_UNREACHABLE`. */
  async * read ({ name, lines, follow }: AgentLogsRequest, signal: AbortSignal): AsyncGenerator<AgentLogsResponse> {
    let node = this.#locate(name)
    let page = await this.#ask(node, [name, 'latest', String(lines === 0 ? LOG_LINES : lines)], signal)
    yield * page.lines
    while (follow) {
      await pause(this.parts.clock, INTERVAL, signal)
      const now = this.#locate(name)
      page = await this.#ask(now, [name, 'since', String(now === node ? page.written : 0)], signal)
      node = now
      yield * page.lines
    }
  }

  #locate (name: string): string {
    const node = this.parts.nodeOf(name)
    if (node === undefined) throw AgentNotFound({ name })
    return node
  }

  async #ask (nodeId: string, words: readonly string[], signal: AbortSignal): Promise<Page> {
    return decodePage(await this.#channel.ask(nodeId, encodeWords(...words), signal))
  }

  #answer (bytes: Uint8Array): Uint8Array {
    const { roster, logs } = this.parts
    const [name = '', which, count] = decodeWords(bytes, 3)
    roster.find(name)
    const lines = which === 'since' ? logs.since(name, Number(count)) : logs.latest(name, Number(count))
    return encodePage({ written: logs.written(name), lines })
  }
}

function encodePage ({ written, lines }: Page): Uint8Array {
  return encodeWords(String(written), ...lines.map(line => JSON.stringify(toJson(AgentLogsResponseSchema, line))))
}

function decodePage (bytes: Uint8Array): Page {
  const [written, ...lines] = decodeWords(bytes, 1)
  try {
    return { written: Number(written), lines: lines.map(line => fromJson(AgentLogsResponseSchema, JSON.parse(line) as JsonValue)) }
  } catch (cause) {
    throw QuestionMalformed({ problem: 'it is no page of a log' }, { cause })
  }
}
