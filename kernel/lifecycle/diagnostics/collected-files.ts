import { arch, availableParallelism, freemem, loadavg, platform, release, totalmem } from 'node:os'
import { performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import { CONTRACT_VERSION, type NodeFacts } from '../../contract/index.js'
import { redactFields } from '../../observability/log-redaction.js'
import type { LogTail } from '../../observability/log-tail.js'
import { SHARD_FIGURE, type ShardCounters } from '../shards/shard-memory.js'
import { secretsOf, withoutSecrets } from './configuration-secrets.js'

/** Lines of the log that are kept in memory, all of them. */
const MOST_LINES = 1_000

/** What the files are made of. */
export interface Collected {
  readonly node: NodeFacts
  readonly configurationFile: string
  /** As it was read: secrets are in it as `Secret`. */
  readonly configuration: object
  readonly tail: LogTail
  readonly counters: () => readonly ShardCounters[]
}

/** What a server knows of itself and no other operation tells, as files for people who look for a fault. No secret is in them. */
export class CollectedFiles {
  constructor (private readonly collected: Collected) {}

  * all (): Generator<{ readonly name: string, readonly text: string }> {
    const { configuration, configurationFile } = this.collected
    const secrets = secretsOf(configuration)
    const file = (name: string, text: string): { readonly name: string, readonly text: string } =>
      ({ name, text: withoutSecrets(text, secrets) })
    yield file('configuration.json', json({ file: configurationFile, ...redactFields({ ...configuration }) }))
    yield file('versions.json', json(this.versions()))
    yield file('threads.json', json(this.threads()))
    yield file('log.jsonl', this.collected.tail.recent(MOST_LINES).map(line => `${JSON.stringify(line, plainNumbers)}\n`).join(''))
  }

  private versions (): object {
    const { nodeId, zone, version, startedAt } = this.collected.node
    return {
      caxton: version, contract: CONTRACT_VERSION, node: process.versions, nodeId, zone, startedAt: new Date(startedAt).toISOString(),
      system: {
        platform: platform(), release: release(), arch: arch(), cores: availableParallelism(),
        memory: totalmem(), free: freemem(), load: loadavg(),
      },
      flags: process.execArgv,
    }
  }

  private threads (): object {
    const { active, idle, utilization } = performance.eventLoopUtilization()
    const resources = counted(process.getActiveResourcesInfo())
    return {
      main: { active, idle, utilization, memory: process.memoryUsage(), heap: getHeapStatistics(), resources },
      process: process.resourceUsage(),
      shards: this.collected.counters().map((counters, index) => ({
        shard: index + 1, ...Object.fromEntries(Object.entries(SHARD_FIGURE).map(([name, figure]) => [name, counters.read(figure)])),
      })),
    }
  }
}

function counted (words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

const plainNumbers = (_name: string, value: unknown): unknown => typeof value === 'bigint' ? String(value) : value

const json = (value: object): string => `${JSON.stringify(value, plainNumbers, 2)}\n`
