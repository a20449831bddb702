import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { RunCommand } from '../../contract/command.js'
import { Server } from '../../contract/proto/caxton/v1/server_pb.js'
import { BundleUnwritable } from '../bundle/bundle-errors.js'
import { bundleContents, manifestOf } from '../bundle/bundle-contents.js'
import { tarArchive } from '../bundle/tar-archive.js'
import { option } from './input-words.js'
import { sizeText } from './moment-text.js'
import { callServer } from './server-call.js'

/** For all questions together, in milliseconds: a server with a fault may be slow. */
const WITHIN = 120_000

/** `caxton debug bundle` */
export const run: RunCommand = async context => {
  const { input, terminal, clock, workingFolder } = context
  const { node, contents } = await callServer(context, async (connector, signal) => ({
    contents: await bundleContents(connector, signal),
    node: await nodeOf(connector.unary(Server.method.status, {}, signal)),
  }), WITHIN)
  const at = clock.now()
  const time = new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')
  const file = resolve(workingFolder, option(input, 'file') ?? `caxton-debug-${node}-${time}.tar.gz`)
  const archive = gzipSync(tarArchive([manifestOf(contents, node, at), ...contents.files], at))
  try {
    await writeFile(file, archive, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    throw BundleUnwritable({ file, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
  const { files, missing } = contents
  terminal.record([
    ['written', `${file} (${sizeText(BigInt(archive.byteLength))})`],
    ['files', files.map(({ name }) => name).join(', ')],
    ...missing.map(({ name, because }) => ['missing', `${name}: ${because}`] as const),
  ], { file, bytes: archive.byteLength, files: files.map(({ name }) => name), missing })
  return 0
}

/** For the name of the file; a caller who may not ask for it gets a plain one. */
async function nodeOf (asked: Promise<{ readonly nodeId: string }>): Promise<string> {
  try {
    return (await asked).nodeId.replace(/[^A-Za-z0-9._-]/g, '_')
  } catch {
    return 'server'
  }
}
