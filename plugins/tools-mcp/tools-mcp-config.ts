import { configSchema, listOf, mapOf, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const MIB = 1024 * 1024

const serverKeys = configSchema({
  command: {
    doc: 'Program that is the server, started and restarted by Caxton; MCP over its standard input and output.',
    format: 'string', default: null,
  },
  args: { doc: 'Arguments of the program.', format: listOf('string'), default: [] },
  folder: { doc: 'Folder that the program works in; that of the server when left out.', format: 'path', default: null },
  env: {
    doc: 'Variables of the program, `NAME=${TOKEN}` or `NAME=${file:secrets/token}`. Of Caxton\'s own it gets only HOME, LOGNAME, PATH, '
      + 'SHELL, TERM and USER.',
    format: listOf('secret'), default: [],
  },
  url: { doc: 'Address of a server that runs elsewhere; MCP over streamable HTTP.', format: 'url', default: null },
  headers: {
    doc: 'Headers of each request to it, such as `Authorization: Bearer ${file:secrets/token}`. Agents never see them.',
    format: listOf('secret'), default: [],
  },
  issuer: {
    doc: 'Address of the OAuth authorization server that gives tokens for it, exactly as that calls itself. Nobody else gets the secret.',
    format: 'string', default: null,
  },
  client_id: { doc: 'Name of Caxton there, for the grant by client credentials.', format: 'string', default: null },
  client_secret: {
    doc: 'Its secret, `${file:secrets/client}`. Neither agents nor the tool server see it.', format: 'secret', default: null,
  },
  scopes: {
    doc: 'Scopes that are asked for; when left out, those that the tool server names.', format: listOf('string'), default: [],
  },
  timeout: { doc: 'As the key `timeout` beside the servers, for this one.', format: 'duration', default: null, min: 10, max: 24 * HOUR },
})

const grantKeys = configSchema({
  agents: { doc: 'Names of agents, in which * means any characters.', format: listOf('string') },
  tools: { doc: 'Names of tools, `SERVER.TOOL`, in which * means any characters.', format: listOf('string') },
  arguments: {
    doc: 'What arguments must be like: `path=/srv/shared/*`. All of them hold, of an argument in an object `user.id=7`.',
    format: listOf('string'), default: [],
  },
})

export const toolsMcpConfig = configSchema({
  servers: { doc: 'Tool servers, under the names by which their tools are called.', format: mapOf(serverKeys), default: {} },
  grants: { doc: 'Which agents may call which tools, besides what `caxton tools grant` says.', format: mapOf(grantKeys), default: {} },
  consent: {
    doc: 'Which tools wait for `caxton tools approve`: those whose definition `changed` since it was first seen, or `all` new ones too.',
    format: oneOf('changed', 'all'), default: 'changed',
  },
  timeout: {
    doc: 'How long a call may take without a sign of progress.', format: 'duration', default: '30s', min: 10, max: 24 * HOUR,
  },
  timeout_max: { doc: 'How long a call may take at all.', format: 'duration', default: '10m', min: 10, max: 24 * HOUR },
  result_size: {
    doc: 'Largest answer of a tool; an agent takes no more than a message has.', format: 'bytes', default: '1MiB', min: 1024, max: 16 * MIB,
  },
  calls: { doc: 'Calls to one server that may be under way at once.', format: 'integer', default: 32, min: 1, max: 10_000 },
  refresh: {
    doc: 'How often the tools of a server are asked for when it neither says how long they hold nor tells of changes.',
    format: 'duration', default: '5m', min: 1_000, max: 24 * HOUR,
  },
  start_timeout: {
    doc: 'How long a server may take to start and say what it has.', format: 'duration', default: '30s', min: 100, max: HOUR,
  },
  restart_delay: {
    doc: 'Wait before a server that ended or can\'t be reached is tried again; doubles each time.',
    format: 'duration', default: '1s', min: 10, max: HOUR,
  },
  restart_delay_max: { doc: 'Longest such wait.', format: 'duration', default: '1m', min: 10, max: 24 * HOUR },
  breaker_failures: {
    doc: 'Calls to a server that fail in a row before it is spared for a while: no answer in time, or none at all.',
    format: 'integer', default: 5, min: 1, max: 1_000,
  },
  breaker_open: { doc: 'How long it is spared.', format: 'duration', default: '30s', min: 100, max: HOUR },
})

export type ToolsMcpConfig = ConfigOf<typeof toolsMcpConfig>
export type ServerConfig = ConfigOf<typeof serverKeys>
export type GrantConfig = ConfigOf<typeof grantKeys>
