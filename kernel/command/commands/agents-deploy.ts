import { open, readFile, type FileHandle } from 'node:fs/promises'
import { basename, extname, resolve } from 'node:path'
import type { MessageInitShape } from '@bufbuild/protobuf'
import type { CommandContext, CommandInput, RunCommand } from '../../contract/command.js'
import { DELIVERY } from '../../contract/frame-layout.js'
import { Agents, DeployResponseSchema, type Agent, type DeployRequestSchema } from '../../contract/proto/caxton/v1/agents_pb.js'
import { PERMISSION_KINDS, readPermission, type Permission } from '../../routing/permissions/permission-words.js'
import { CommandOptionMisused, CommandValueInvalid } from '../command-errors.js'
import { fileUnreadable } from '../line/file-words.js'
import { nearestWords } from '../line/nearest-words.js'
import { bytes, wholeNumber } from '../line/values.js'
import { agentSentence, changeRow } from './agent-text.js'
import { jsonOf } from './answer-data.js'
import { groupOf } from './group-place.js'
import { argument, option, optionValues, wordOf } from './input-words.js'
import { placementOf } from './placement-choice.js'
import { replacingOf } from './replace-strategy.js'
import { signatureBeside } from './signature-file.js'
import { callServer } from './server-call.js'

type Part = MessageInitShape<typeof DeployRequestSchema>

/** Bytes of the module in one message; the protocol allows 1 MiB. */
const CHUNK = 256 * 1024
/** Compiling a large module on a busy server takes a while, and a slow line longer, in milliseconds. */
const DEPLOY_WITHIN = 600_000

/** `caxton agents deploy` */
export const run: RunCommand = async context => {
  const file = resolve(context.workingFolder, argument(context.input, 'FILE'))
  const manifest = await manifestOf(context, file)
  const module = await open(file, 'r').catch((error: unknown) => { throw fileUnreadable(file, error) })
  try {
    const total = await sizeOf(module, file)
    const answer = await context.terminal.progress(`Deploying ${manifest.name}`, async advance => {
      const parts = partsOf(manifest, module, done => { advance(done, total) })
      return await callServer(context, (connector, signal) =>
        connector.clientStream(Agents.method.deploy, parts, signal), DEPLOY_WITHIN)
    })
    const unchanged = answer.changed ? '' : '; it was already there, nothing changed'
    const agents = answer.replicas.length > 0 ? answer.replicas : [answer.agent]
    const rows = agents.map(agent =>
      changeRow('deployed', `${agentSentence(manifest.name, agent)}${placeText(agent)}${unchanged}`, answer.queued))
    context.terminal.record(rows, jsonOf(DeployResponseSchema, answer))
    return 0
  } finally {
    await module.close()
  }
}

const placeText = (agent: Agent | undefined): string => agent === undefined || agent.node === '' ? '' : ` on ${agent.node}`

async function sizeOf (module: FileHandle, file: string): Promise<number> {
  const found = await module.stat()
  if (found.isDirectory()) throw fileUnreadable(file, new Error('it is a folder'))
  return found.size
}

async function manifestOf ({ input, workingFolder }: CommandContext, file: string) {
  const memory = option(input, 'memory')
  const fuel = option(input, 'fuel')
  return {
    name: option(input, 'name') ?? basename(file, extname(file)),
    ...permissionsOf(input),
    ...await signatureBeside(file, option(input, 'signature'), workingFolder),
    configuration: await configurationOf(input, workingFolder),
    limits: {
      memoryBytes: BigInt(memory === undefined ? 0 : bytes('`--memory`', memory)),
      fuelPerMessage: BigInt(fuel === undefined ? 0 : wholeNumber('`--fuel`', fuel, 1, Number.MAX_SAFE_INTEGER)),
      messagesPerSecond: countOf(input, 'message-rate', 1_000_000),
      logLinesPerSecond: countOf(input, 'log-rate', 10_000),
    },
    delivery: wordOf(input, 'delivery', DELIVERY),
    ...replacingOf(input),
    ...groupOf(input),
    placement: placementOf(input),
  }
}

/** 0 leaves it to the server. */
function countOf (input: CommandInput, name: string, most: number): number {
  const given = option(input, name)
  return given === undefined ? 0 : wholeNumber(`\`--${name}\``, given, 1, most)
}

async function configurationOf (input: CommandInput, workingFolder: string): Promise<Uint8Array> {
  const text = option(input, 'config-text')
  const named = option(input, 'config')
  if (text !== undefined && named !== undefined) {
    const problem = 'can\'t be given together with `--config`'
    throw CommandOptionMisused({ command: 'caxton agents deploy', option: '--config-text', problem })
  }
  if (named === undefined) return new TextEncoder().encode(text ?? '')
  const file = resolve(workingFolder, named)
  return await readFile(file).catch((error: unknown) => { throw fileUnreadable(file, error) })
}

/** What the deployment adds to the server's usual permissions, and takes from them. */
export function permissionsOf (input: CommandInput): { readonly allow: string[], readonly deny: string[] } {
  const allow = optionValues(input, 'allow')
  const deny = optionValues(input, 'deny')
  for (const word of allow) checkPermission('--allow', word, readPermission(word))
  const whole = (word: string): Permission | string =>
    word.includes(':') ? 'is a part, and only the whole can be denied' : readPermission(word)
  for (const word of deny) checkPermission('--deny', word, whole(word))
  const both = allow.find(word => deny.some(kind => word === kind || word.startsWith(`${kind}:`)))
  if (both === undefined) return { allow: [...allow], deny: [...deny] }
  throw CommandValueInvalid({ what: '`--deny`', value: both, expected: 'the same permission is given by `--allow`' })
}

function checkPermission (name: string, word: string, read: Permission | string): void {
  if (typeof read !== 'string') return
  throw CommandValueInvalid({
    what: `\`${name}\``,
    value: word,
    expected: `it ${read}`,
    near: nearestWords(word, PERMISSION_KINDS),
  })
}

async function * partsOf (
  manifest: Awaited<ReturnType<typeof manifestOf>>, module: FileHandle, advance: (done: number) => void,
): AsyncGenerator<Part> {
  yield { part: { case: 'manifest', value: manifest } }
  let done = 0
  for (;;) {
    const { bytesRead, buffer } = await module.read(new Uint8Array(CHUNK), 0, CHUNK, done)
    if (bytesRead === 0) return
    done += bytesRead
    yield { part: { case: 'chunk', value: buffer.subarray(0, bytesRead) } }
    advance(done)
  }
}
