import type { RunCommand } from '../../contract/command.js'
import {
  Capabilities, WatchCapabilitiesResponse_Change as Change, WatchCapabilitiesResponseSchema, type WatchCapabilitiesResponse,
} from '../../contract/proto/caxton/v1/capabilities_pb.js'
import { jsonOf } from './answer-data.js'
import { timeText } from './moment-text.js'

/** `caxton capabilities watch` */
export const run: RunCommand = async context => {
  const { terminal, signal } = context
  const connector = await context.connect()
  const name = context.input.arguments['NAME']?.[0] ?? ''
  if (terminal.interactive) terminal.say('watching; Ctrl-C ends it')
  for await (const seen of connector.serverStream(Capabilities.method.watch, { name }, signal)) {
    if (terminal.output === 'human' && seen.skipped > 0n) terminal.say(`${seen.skipped} changes were not shown: there were too many`)
    terminal.item(changeLine(seen), jsonOf(WatchCapabilitiesResponseSchema, seen))
  }
  signal.throwIfAborted()
  return 0
}

/** `14:03:07.123 + sell 1.2.0  seller-1` */
function changeLine ({ at, change, capability }: WatchCapabilitiesResponse): string {
  const sign = change === Change.REMOVED ? '-' : '+'
  return `${timeText(at)} ${sign} ${capability?.name ?? ''} ${capability?.version ?? ''}  ${capability?.agent ?? ''}`
}
