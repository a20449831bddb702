import { setTimeout as pause } from 'node:timers/promises'
import { DELIVERY } from '../../kernel/contract/index.js'
import type { BenchAgents } from './bench-agents.js'
import { BenchServer } from './bench-server.js'
import { latencyOver, offerEvenly } from './even-load.js'
import { MEANWHILE, meanwhileRows } from './meanwhile.js'
import { reached } from './reached.js'
import { milliseconds, perSecond, type Row } from './row.js'

const WARM_UP = 3_000
const QUIET = 5_000
const SENDERS = 100
/** Each sender's messages at every beat, and milliseconds between two beats: what the disk can follow. */
const BURST = 3
const EVERY = 20
/** Milliseconds between two looks at all senders, which cost time themselves. */
const SELDOM = 500
const DRAINED = 10_000
const MIB = 1_048_576
/** Growth that passes for none: what one inbox, the queue to the disk and the store's cache may hold. */
const FLAT = 128 * MIB
/** A kept message with 200 bytes of content. */
const MESSAGE_BYTES = 340

/** Durable messages that wait in the store for one agent that does not run: what they take of memory, and of the time of others. */
export async function backlog (agents: BenchAgents, count: number): Promise<Row[]> {
  const server = await BenchServer.start(['agents.shards=1'])
  await offerEvenly(server, agents, MEANWHILE)
  await server.deploy('sleeper', agents.sender)
  await server.stopAgent('sleeper')
  await pause(WARM_UP)
  const without = await latencyOver(server, QUIET)
  const before = server.resident()
  const began = performance.now()
  const filling = await latencyOver(server, () => fill(server, agents, count))
  const filled = (performance.now() - began) / 1e3
  const waiting = await latencyOver(server, QUIET)
  const after = server.resident()
  const started = performance.now()
  await server.startAgent('sleeper')
  await reached(DRAINED, () => server.handledBy('sleeper'))
  const drained = performance.now() - started
  await server.stop()
  const what = `${count.toLocaleString('en')} durable messages for a stopped agent`
  return [
    { what: `${what}: kept`, target: '', actual: perSecond(count / filled), ratio: '', pass: undefined },
    {
      what: `${what}: resident memory while they wait`, target: `≤ ${FLAT / MIB} MiB more`,
      actual: `${(after / MIB).toFixed(0)} MiB (${(before / MIB).toFixed(0)} MiB before)`, ratio: '',
      // Fewer messages would find room even if all were held in memory.
      pass: count * MESSAGE_BYTES > FLAT ? after - before <= FLAT : undefined,
    },
    ...meanwhileRows(`${what}, being kept`, without, filling),
    ...meanwhileRows(`${what}, waiting`, without, waiting),
    {
      what: `${what}: start until it has handled ${DRAINED.toLocaleString('en')}`,
      target: '', actual: milliseconds(drained), ratio: perSecond(DRAINED / drained * 1e3), pass: undefined,
    },
  ]
}

/** Resolves when so many messages are on disk. */
async function fill (server: BenchServer, agents: BenchAgents, count: number): Promise<void> {
  const configuration = { to: 'sleeper', burst: BURST, every: EVERY, delivery: DELIVERY.indexOf('at-least-once'), count: count / SENDERS }
  const names = Array.from({ length: SENDERS }, (_, index) => `sender-${index}`)
  const sent = async (): Promise<number> => (await Promise.all(names.map(name => server.sentBy(name)))).reduce((sum, each) => sum + each)
  for (const name of names) await server.deploy(name, agents.sender, configuration)
  // What could not be kept comes back, and is sent again.
  await reached(count, async () => await sent() - await server.figure('caxton_message_errors_total'), SELDOM)
  await reached(0, async () => -await server.figure('caxton_store_waiting_batches'))
}
