import type { Clock, Named, ToolServer } from '../../kernel/contract/index.js'
import type { OauthClient } from './servers/oauth-tokens.js'
import type { OpenSession } from './servers/server-session.js'
import type * as Sessions from './servers/sessions.js'
import type { ServerConfig } from './tools-mcp-config.js'
import { ToolServerInvalid } from './tools-mcp-errors.js'

/** A server and how it is reached. */
export interface ServerPlan {
  readonly name: string
  readonly kind: 'process' | 'http' | 'local'
  readonly open: OpenSession
  /** In milliseconds; undefined: as all. */
  readonly timeout: number | undefined
}

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/
const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)=([^\0]*)$/
const HEADER = /^([!#$%&'*+.^_`|~A-Za-z0-9-]+):[ \t]*([\t\x20-\x7e]*)$/
/** A message is larger than the answer in it, and a list of tools is longer than most answers. */
const MESSAGE_FACTOR = 2
const LEAST_MESSAGE = 8 * 1024 * 1024

/** Servers as they are configured, and those of this process. Throws `TOOL_SERVER_INVALID`. */
export function serverPlans (
  configured: Readonly<Record<string, ServerConfig>>, local: ReadonlyArray<Named<ToolServer>>, resultBytes: number, clock: Clock,
): readonly ServerPlan[] {
  const largest = Math.max(LEAST_MESSAGE, resultBytes * MESSAGE_FACTOR)
  const plans = Object.entries(configured).map(([name, config]) => planOf(name, config, largest, clock))
  for (const { instance, service } of local) {
    if (configured[instance] !== undefined) throw invalid(instance, 'has the name of a plugin that is a tool server itself')
    plans.push({ name: checked(instance), kind: 'local', open: later(({ localSessions }) => localSessions(service)), timeout: undefined })
  }
  return plans
}

function planOf (name: string, config: ServerConfig, largestMessage: number, clock: Clock): ServerPlan {
  const { command, url, args, folder, env, headers, timeout } = config
  checked(name)
  const client = clientOf(name, config)
  if (command !== undefined && url === undefined) {
    if (headers.length > 0 || client !== undefined) throw invalid(name, 'has headers or an issuer, which only one with a `url` can have')
    const environment = read(name, env, VARIABLE, 'variable, NAME=VALUE')
    const program = { command, args, folder, environment, largestMessage }
    return { name, kind: 'process', open: later(({ processSessions }) => processSessions(program)), timeout }
  }
  if (url !== undefined && command === undefined) {
    if (args.length + env.length > 0) throw invalid(name, 'has arguments or variables, which only one with a `command` can have')
    const given = read(name, headers, HEADER, 'header, NAME: VALUE')
    if (client !== undefined && Object.keys(given).some(header => header.toLowerCase() === 'authorization')) {
      throw invalid(name, 'has both an issuer and a header `Authorization`')
    }
    const address = { url, headers: given, largestMessage }
    const login = client && { client, clock }
    return { name, kind: 'http', open: later(({ httpSessions }) => httpSessions(address, login)), timeout }
  }
  throw invalid(name, command === undefined ? 'has neither a `command` nor a `url`' : 'has both a `command` and a `url`')
}

/** Loads what speaks MCP when the first session is opened: it is large, and many servers never open one. */
function later (choose: (sessions: typeof Sessions) => OpenSession): OpenSession {
  let open: OpenSession | undefined
  return async (events, signal) => {
    open ??= choose(await import('./servers/sessions.js'))
    return open(events, signal)
  }
}

/** What the configuration says of OAuth, if anything. A token is a credential: it travels encrypted, or not beyond this machine. */
function clientOf (name: string, { issuer, client_id: id, client_secret: secret, scopes }: ServerConfig): OauthClient | undefined {
  if (issuer === undefined && id === undefined && secret === undefined && scopes.length === 0) return undefined
  if (issuer === undefined || id === undefined || secret === undefined) {
    throw invalid(name, 'has not all three of `issuer`, `client_id` and `client_secret`')
  }
  if (!URL.canParse(issuer) || !isProtected(new URL(issuer))) throw invalid(name, 'has an issuer that is no address with https')
  return { issuer, id, secret, scopes }
}

const isProtected = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.[0-9.]+|\[::1\])$/.test(hostname))

function checked (name: string): string {
  if (!NAME.test(name)) throw invalid(name.slice(0, 64), 'has a name that is not of lower-case letters, digits and dashes')
  return name
}

/** The problem does not show the text: it may be a secret. */
function read (server: string, texts: ReadonlyArray<{ reveal (): string }>, form: RegExp, what: string): Record<string, string> {
  return Object.fromEntries(texts.map((text, index) => {
    const [, name, value] = form.exec(text.reveal()) ?? []
    if (name === undefined || value === undefined) throw invalid(server, `has, at place ${index + 1}, what is no ${what}`)
    return [name, value]
  }))
}

const invalid = (name: string, problem: string): Error => ToolServerInvalid({ name, problem })
