import type { CommandContext, RunCommand } from '../../../kernel/contract/index.js'
import { Logs, type ReadLogsResponse } from '../proto/caxton/v1/telemetry_pb.js'
import { momentText } from './moment-text.js'
import { optionOf, sinceOf } from './options.js'

const SHOWN_BY_DEFAULT = 100

/** `caxton logs` */
export const run: RunCommand = async context => {
  const { terminal, clock, signal } = context
  const isFollowed = context.input.options['follow'] === true
  const since = sinceOf(context)
  const request = {
    level: optionOf(context, 'level'), part: optionOf(context, 'part'), trace: optionOf(context, 'trace'),
    since: BigInt(since), last: lastOf(context, since), follow: isFollowed,
  }
  const connector = await context.connect()
  let shown = 0
  for await (const line of connector.serverStream(Logs.method.read, request, signal)) {
    if (line.skipped > 0) terminal.say(`${line.skipped} lines were left out`)
    terminal.item(lineText(line, clock.now()), dataOf(line))
    shown += 1
  }
  signal.throwIfAborted()
  if (shown === 0) terminal.say('no line of the log fits')
  return 0
}

function lastOf (context: CommandContext, since: number): number {
  const text = optionOf(context, 'last')
  if (text !== '') return context.words.wholeNumber('`--last`', text, 0, 100_000)
  return since === 0 ? SHOWN_BY_DEFAULT : 0
}

/** `14:03:07.123 warn  transport-tcp slow peer  peer=node-2` */
function lineText ({ at, level, part, message, fields }: ReadLogsResponse, now: number): string {
  const said = Object.entries(objectIn(fields)).map(([name, value]) => ` ${name}=${valueText(value)}`)
  return `${momentText(Number(at), now)} ${level.padEnd(5)} ${part} ${message}${said.length === 0 ? '' : ` ${said.join('')}`}`
}

function valueText (value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)
  if (typeof value === 'object' && value !== null && 'stack' in value) {
    const { stack: _, ...rest } = value
    return JSON.stringify(rest)
  }
  return JSON.stringify(value) ?? 'undefined'
}

const dataOf = ({ at, level, part, message, fields }: ReadLogsResponse): object =>
  ({ time: new Date(Number(at)).toISOString(), level, part, message, fields: objectIn(fields) })

function objectIn (json: string): object {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
