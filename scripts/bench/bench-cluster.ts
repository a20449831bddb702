import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { packageRoot } from '../../kernel/lifecycle/package-root.js'
import { ARRIVALS_FILE, gapsBetween, recordingArrivals } from './arrivals.js'
import { BenchServer, caxton } from './bench-server.js'

/** How the two nodes speak with each other. */
export interface ClusterWay {
  readonly transport: 'tcp' | 'quic'
  readonly isSecure: boolean
}

/** Two real servers in one cluster, each in a process of its own, on loopback addresses of this process's own. */
export class BenchCluster {
  private constructor (readonly one: BenchServer, readonly two: BenchServer, private readonly folder: string) {}

  static async start (way: ClusterWay): Promise<BenchCluster> {
    const folder = mkdtempSync(path.join(tmpdir(), 'caxton-bench-cluster-'))
    if (way.isSecure) certify('init-ca', '--dir', folder)
    const one = await startNode(1, way, folder, ['--bootstrap'], arrivalsIn(folder))
    const two = await startNode(2, way, folder, ['--join', `${hostOf(1)}:7946`])
    return new BenchCluster(one, two, folder)
  }

  /** Processor time that both servers have used so far, in seconds. */
  processorTime (): number {
    return this.one.processorTime() + this.two.processorTime()
  }

  /**
   * Stops both servers. Gives the seconds between one message of the bench's agents from node two to node one and the next, within a span
   * of wall-clock time.
   */
  async stop (from = 0, to = 0): Promise<readonly number[]> {
    await this.two.stop()
    await this.one.stop()
    const gaps = gapsBetween(arrivalsIn(this.folder), from, to)
    rmSync(this.folder, { recursive: true, force: true })
    return gaps
  }
}

function certify (...words: readonly string[]): void {
  execFileSync(process.execPath, [caxton(), 'security', ...words], { stdio: 'ignore' })
}

const arrivalsIn = (folder: string): string => path.join(folder, 'arrivals')

const hostOf = (node: number): string => `127.${120 + (process.pid >> 7) % 60}.${process.pid % 128}.${node}`

async function startNode (
  node: number, { transport, isSecure }: ClusterWay, folder: string, words: readonly string[], arrivals?: string,
): Promise<BenchServer> {
  const [id, host] = [`node-${node}`, hostOf(node)]
  const file = (name: string): string => path.join(folder, name)
  if (isSecure) certify('gen-cert', '--node-id', id, '--host', host, '--dir', folder)
  const identity = isSecure ? [['chain', `${id}.pem`], ['key', `${id}.key`], ['trust', 'ca.pem']] : []
  const sets = [
    'agents.shards=1', `cluster.transport=${transport}`, ...transport === 'quic' ? [`plugins.transport-quic.host=${host}`] : [],
    ...identity.map(([key, name]) => `plugins.identity-files.${key}=${file(name ?? '')}`),
  ]
  return BenchServer.start(sets, file(id), {
    words: ['--config', path.join(packageRoot, 'config', 'cluster.toml'), '--node-id', id, ...words],
    environment: { CAXTON_HOST: host, ...arrivals === undefined ? {} : { [ARRIVALS_FILE]: arrivals } },
    flags: arrivals === undefined ? [] : [recordingArrivals()],
    ...isSecure ? { trust: readFileSync(file('ca.pem'), 'utf8') } : {},
  })
}
