import {
  Client, ProtocolError, ProtocolErrorCode, SdkError, SdkErrorCode, SdkHttpError, type Transport,
} from '@modelcontextprotocol/client'
import { readDefinitions } from '../definitions/tool-definition.js'
import { readAnswer } from './answer-reader.js'
import { SessionFailure, type OpenSession, type ServerSession, type SessionEvents } from './server-session.js'

/** The SDK's own time-outs would run on the machine's clock: ours are the signals. Just below what a timer takes. */
const NEVER = 2 ** 31 - 2
/** Pages of a tool list that are followed. */
const PAGES = 32
/** The server does not know the session any more. */
const GONE = 404
const CLIENT = { name: 'caxton', version: '1.0.0' }

/** Opens sessions of MCP over a transport, in whichever revision both sides speak: the present one, or those with `initialize`. */
export function mcpSession (transportOf: (events: SessionEvents) => Transport): OpenSession {
  return async (events, signal) => {
    signal.throwIfAborted()
    const client = new Client(CLIENT, {
      versionNegotiation: { mode: 'auto' },
      // What asks for a person or a model is refused: nobody here is one.
      capabilities: {}, inputRequired: { autoFulfill: false },
      listMaxPages: PAGES,
      listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => { events.changed() } } },
    })
    client.onclose = () => { events.closed() }
    // Each is followed by an end, or by the failure of a request.
    client.onerror = () => {}
    const end = (): void => { void client.close().catch(() => {}) }
    signal.addEventListener('abort', end, { once: true })
    try {
      await client.connect(transportOf(events), { signal, timeout: NEVER })
      signal.throwIfAborted()
    } catch (error) {
      await client.close().catch(() => {})
      throw error
    } finally {
      signal.removeEventListener('abort', end)
    }
    return new McpSession(client)
  }
}

class McpSession implements ServerSession {
  readonly revision: string

  constructor (private readonly client: Client) {
    this.revision = client.getNegotiatedProtocolVersion() ?? 'unknown'
  }

  async list (signal: AbortSignal): ReturnType<ServerSession['list']> {
    const listed = await this.client.listTools(undefined, { signal, timeout: NEVER, cacheMode: 'refresh' }).catch(failureOf)
    const holds = (listed as { readonly ttlMs?: unknown }).ttlMs
    return { ...readDefinitions(listed.tools), holds: typeof holds === 'number' && holds > 0 ? holds : undefined }
  }

  async call (...[tool, given, meta, progress, signal]: Parameters<ServerSession['call']>): ReturnType<ServerSession['call']> {
    const params = { name: tool, arguments: { ...given }, _meta: { ...meta } }
    const result = await this.client.callTool(params, {
      signal, timeout: NEVER,
      onprogress: ({ progress: done, total, message }) => {
        progress({ progress: done, ...total === undefined ? {} : { total }, ...message === undefined ? {} : { message } })
      },
    }).catch(failureOf)
    return readAnswer(result)
  }

  async close (): Promise<void> {
    await this.client.close().catch(() => {})
  }
}

/** What went wrong, in our words. */
function failureOf (error: unknown): never {
  if (error instanceof SessionFailure) throw error
  if (ProtocolError.isInstance(error)) {
    const isArguments = error.code === Number(ProtocolErrorCode.InvalidParams) || error.code === Number(ProtocolErrorCode.MethodNotFound)
    throw new SessionFailure(isArguments ? 'arguments' : 'refused', error.message)
  }
  if (SdkHttpError.isInstance(error)) throw new SessionFailure(error.status === GONE ? 'gone' : 'trouble', `HTTP ${error.status}`)
  if (SdkError.isInstance(error)) throw new SessionFailure(kindOf(error.code), error.message)
  throw new SessionFailure('gone', error instanceof Error ? error.message : String(error))
}

function kindOf (code: SdkErrorCode): SessionFailure['kind'] {
  switch (code) {
    case SdkErrorCode.UnsupportedResultType:
    case SdkErrorCode.InputRequiredRoundsExceeded: return 'input'
    case SdkErrorCode.InvalidResult:
    case SdkErrorCode.ListPaginationExceeded:
    case SdkErrorCode.CapabilityNotSupported:
    case SdkErrorCode.MethodNotSupportedByProtocolVersion: return 'refused'
    default: return 'gone'
  }
}

