import path from 'node:path'
import { State, StateFileWriter, type Connector, type RunCommand } from '../../../kernel/contract/index.js'
import { optionOf } from './option-of.js'

/** `caxton state export FILE` */
export const run: RunCommand = async context => {
  const { input, terminal, workingFolder, clock, signal } = context
  const name = input.arguments['file']?.[0] ?? ''
  const prefix = optionOf(input, 'prefix')
  const connector = await context.connect()
  const { newest } = await countsOf(connector, prefix, signal)
  const file = path.resolve(workingFolder, name)
  const writer = await StateFileWriter.open(file, { created: new Date(clock.now()).toISOString(), prefix, newest })
  if (writer.entries > 0) terminal.say(`Going on with ${name}.part, which has ${writer.entries} entries.`)
  let isDone = false
  try {
    await terminal.progress('Exporting', advance => copy(connector, writer, prefix, signal, advance))
    const { entries, bytes } = await writer.finish()
    isDone = true
    terminal.record([['file', name], ['entries', String(entries)], ['bytes', String(bytes)]], { file: name, entries, bytes })
    return 0
  } finally {
    if (!isDone) {
      await writer.leave()
      terminal.say(`${writer.entries} entries are in ${name}.part; the same command goes on with them.`)
    }
  }
}

async function copy (
  connector: Connector, writer: StateFileWriter, prefix: string, signal: AbortSignal, advance: (done: number, total: number) => void,
): Promise<void> {
  let total = 0
  let parts: Uint8Array[] = []
  for await (const answer of connector.serverStream(State.method.export, { prefix, after: writer.last ?? '' }, signal)) {
    if (answer.key === '') {
      total = Number(answer.keys)
      continue
    }
    parts.push(answer.json)
    if (answer.more) continue
    await writer.add({ key: answer.key, version: Number(answer.version), json: Buffer.concat(parts).toString() })
    parts = []
    advance(Math.min(writer.entries, total), total)
  }
  signal.throwIfAborted()
}

/** The first answer of an export has only the counts; the rest is not waited for. */
async function countsOf (connector: Connector, prefix: string, signal: AbortSignal): Promise<{ readonly newest: number }> {
  const enough = new AbortController()
  for await (const { newest } of connector.serverStream(State.method.export, { prefix }, AbortSignal.any([signal, enough.signal]))) {
    enough.abort()
    return { newest: Number(newest) }
  }
  return { newest: 0 }
}
