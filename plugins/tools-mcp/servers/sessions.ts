import type { ToolServer } from '../../../kernel/contract/index.js'
import { boundedFetch } from './bounded-fetch.js'
import { httpTransport, type ServerAddress } from './http-transport.js'
import { LocalTransport } from './local-transport.js'
import { mcpSession } from './mcp-session.js'
import { OauthTokens, type OauthParts } from './oauth-tokens.js'
import { processTransport, type ServerProgram } from './process-transport.js'
import type { OpenSession } from './server-session.js'

/** Of an authorization server. */
const LARGEST_ANSWER = 1024 * 1024

/** Who Caxton is to the server, where it needs to know. */
export type ServerLogin = Pick<OauthParts, 'client' | 'clock'>

/** With a program, which is started for each session. */
export const processSessions = (program: ServerProgram): OpenSession => mcpSession(events => processTransport(program, events))

/** With a server elsewhere. Its tokens are kept from one session to the next. */
export function httpSessions (address: Omit<ServerAddress, 'tokens'>, login: ServerLogin | undefined): OpenSession {
  const tokens = login && new OauthTokens({ ...login, url: address.url, fetch: boundedFetch(LARGEST_ANSWER) })
  return mcpSession(() => httpTransport({ ...address, tokens }))
}

/** With a server of this process. */
export const localSessions = (server: ToolServer): OpenSession => mcpSession(() => new LocalTransport(server))
