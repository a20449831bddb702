import { createHash } from 'node:crypto'
import type { DescService, MessageShape } from '@bufbuild/protobuf'
import type { Connector } from '../../contract/command.js'
import { isCaxtonError } from '../../contract/errors.js'
import { Agents } from '../../contract/proto/caxton/v1/agents_pb.js'
import { Cluster } from '../../contract/proto/caxton/v1/cluster_pb.js'
import { Diagnostics } from '../../contract/proto/caxton/v1/diagnostics_pb.js'
import { Server } from '../../contract/proto/caxton/v1/server_pb.js'
import { jsonOf } from '../commands/answer-data.js'
import type { ArchivedFile } from './tar-archive.js'

/** What other operations tell, by the name of its file. */
const ANSWERS: ReadonlyArray<readonly [name: string, method: DescService['methods'][number], what: string]> = [
  ['status.json', Server.method.status, 'health of the server and of each part, ports, counters'],
  ['plugins.json', Server.method.listPlugins, 'plugins with their states'],
  ['metrics.json', Server.method.metrics, 'every metric as it stood'],
  ['cluster.json', Cluster.method.status, 'the cluster as this node sees it'],
  ['members.json', Cluster.method.members, 'the nodes of the cluster'],
  ['agents.json', Agents.method.list, 'agents with their states'],
  ['log-levels.json', Diagnostics.method.listLogLevels, 'from which level on each part logs'],
]
/** What the server collects itself. */
const COLLECTED: ReadonlyMap<string, string> = new Map([
  ['configuration.json', 'the configuration in force, with secrets taken out'],
  ['versions.json', 'versions of everything, and the machine'],
  ['threads.json', 'threads, memory, event loop'],
  ['log.jsonl', 'the latest lines of the log, one JSON document each'],
])
/** A name that came from a server and is to be one in an archive. */
const NAME = /^[a-z][a-z0-9.-]{0,80}$/

/** What could be had of a server, and what could not. */
export interface BundleContents {
  readonly files: readonly ArchivedFile[]
  readonly missing: ReadonlyArray<{ readonly name: string, readonly because: string }>
}

/** Asks a server for everything that helps to find a fault. What it refuses, or fails to tell, is missing; the rest is there. */
export async function bundleContents (connector: Connector, signal: AbortSignal): Promise<BundleContents> {
  const files: ArchivedFile[] = []
  const missing: Array<{ name: string, because: string }> = []
  for (const [name, method] of ANSWERS) {
    await attempt(name, missing, signal, async () => {
      const answer: MessageShape<typeof method.output> = await connector.unary(method, {}, signal)
      files.push({ name, content: Buffer.from(`${JSON.stringify(jsonOf(method.output, answer), undefined, 2)}\n`) })
    })
  }
  await attempt('configuration.json, versions.json, threads.json, log.jsonl', missing, signal, async () => {
    const pieces = new Map<string, Uint8Array[]>()
    for await (const { name, content } of connector.serverStream(Diagnostics.method.collect, {}, signal)) {
      if (NAME.test(name)) pieces.set(name, [...pieces.get(name) ?? [], content])
    }
    for (const [name, contents] of pieces) files.push({ name, content: Buffer.concat(contents) })
  })
  return { files, missing }
}

/** The list of what is in a bundle, and what is not. */
export function manifestOf ({ files, missing }: BundleContents, server: string, at: number): ArchivedFile {
  const what = new Map([...COLLECTED, ...ANSWERS.map(([name,, meaning]) => [name, meaning] as const)])
  const manifest = {
    madeAt: new Date(at).toISOString(), server,
    files: files.map(({ name, content }) => ({
      name, what: what.get(name) ?? '', bytes: content.byteLength, sha256: createHash('sha256').update(content).digest('hex'),
    })),
    missing,
  }
  return { name: 'manifest.json', content: Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`) }
}

async function attempt (
  name: string, missing: Array<{ name: string, because: string }>, signal: AbortSignal, work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (signal.aborted) throw error
    // A server that can't be reached at all has nothing to tell.
    if (isCaxtonError(error) && ['SERVER_UNREACHABLE', 'SERVER_UNTRUSTED', 'UNAUTHORIZED'].includes(error.code)) throw error
    missing.push({ name, because: isCaxtonError(error) ? `${error.code}: ${error.message}` : String(error) })
  }
}
