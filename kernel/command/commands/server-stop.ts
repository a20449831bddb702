import process from 'node:process'
import { pause } from '../../contract/bounded-wait.js'
import { isCaxtonError } from '../../contract/errors.js'
import type { CommandContext, Connector, RunCommand } from '../../contract/command.js'
import { Server, StopResponseSchema, type StatusResponse } from '../../contract/proto/caxton/v1/server_pb.js'
import { duration } from '../line/values.js'
import { jsonOf } from './answer-data.js'
import { isSet, option } from './input-words.js'
import { callServer } from './server-call.js'

/** How often to look whether the server is gone, in milliseconds. */
const LOOK_EVERY = 100

/** `caxton server stop` */
export const run: RunCommand = async context => {
  const within = duration('`--timeout`', option(context.input, 'timeout') ?? '60s')
  const { before, answer } = await callServer(context, async (connector, signal) => ({
    before: await connector.unary(Server.method.status, {}, signal),
    answer: await connector.unary(Server.method.stop, {}, signal),
  }))
  const wait = !isSet(context.input, 'no-wait')
  if (wait) {
    await context.terminal.progress(`Stopping ${before.nodeId}`, () =>
      callServer(context, (connector, signal) => untilGone(context, connector, before, signal), within))
  }
  const outcome = wait ? 'stopped' : 'stopping'
  context.terminal.record([[outcome, `server ${before.nodeId}`]], jsonOf(StopResponseSchema, answer))
  return 0
}

/** Resolves when the server that was asked answers no more and, if it runs on this machine, its process has ended. */
async function untilGone (
  context: CommandContext, connector: Connector, before: StatusResponse, signal: AbortSignal,
): Promise<void> {
  while (await isAnswering(connector, before, signal)) await pause(context.clock, LOOK_EVERY, signal)
  // The API closes first; what it served goes on being drained until the process ends.
  if (!LOOPBACK.test(context.environment['CAXTON_SERVER'] ?? '')) return
  while (isAlive(before.processId)) await pause(context.clock, LOOK_EVERY, signal)
}

const LOOPBACK = /^(127\.[\d.]+|localhost|\[::1\])(:|$)|^$/

async function isAnswering (connector: Connector, before: StatusResponse, signal: AbortSignal): Promise<boolean> {
  try {
    const now = await connector.unary(Server.method.status, {}, signal)
    return now.processId === before.processId && now.startedAt === before.startedAt
  } catch (error) {
    if (isCaxtonError(error) && error.kind === 'unavailable') return false
    throw error
  }
}

function isAlive (processId: number): boolean {
  if (processId < 1) return false
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
