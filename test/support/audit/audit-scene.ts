import type { Clock } from '../../../kernel/contract/index.js'
import { ChainWriter, type ChainSettings } from '../../../plugins/audit-log/chain/chain-writer.js'
import { endOf, type LogEnd } from '../../../plugins/audit-log/chain/log-opening.js'
import { SigningKey } from '../../../plugins/audit-log/chain/signing-key.js'
import { verifyLog, type Trust, type Verified } from '../../../plugins/audit-log/reading/verification.js'
import { VirtualClock } from '../virtual-clock.js'
import { MemoryFolder } from './memory-folder.js'

const SETTINGS: ChainSettings = {
  nodeId: 'node-1', segmentSize: 2 ** 20, segmentAge: 86_400_000, checkpointInterval: 10_000, queue: 10_000,
}

/** A writer of an audit log in memory. */
export interface AuditScene {
  readonly folder: MemoryFolder
  readonly clock: VirtualClock
  readonly writer: ChainWriter
  readonly end: LogEnd
  readonly written: string[]
  readonly troubles: unknown[]
}

/** Opens a log as the plugin does at its start. */
export async function openAudit (
  folder = new MemoryFolder(), settings: Partial<ChainSettings> = {}, signer?: SigningKey, clock = new VirtualClock(),
): Promise<AuditScene> {
  const written: string[] = []
  const troubles: unknown[] = []
  const keys = await folder.keys()
  const end = await endOf(folder, keys.hash)
  const writer = new ChainWriter({
    folder, hashKey: keys.hash, clock: withTurns(clock), settings: { ...SETTINGS, ...settings },
    written: line => { written.push(line) },
    trouble: error => { troubles.push(error) },
  }, end, signer ?? SigningKey.own(keys.signing))
  await writer.keep({ event: 'opened', torn: end.torn }, true)
  return { folder, clock, writer, end, written, troubles }
}

/** A clock whose turns end by themselves, while time stands still. */
const withTurns = (clock: Clock): Clock => ({
  now: () => clock.now(),
  elapsed: () => clock.elapsed(),
  after: (milliseconds, action) => {
    if (milliseconds > 0) return clock.after(milliseconds, action)
    queueMicrotask(action)
    return { cancel: () => {} }
  },
})

/** A log of several segments that ended as it should. */
export async function finishedLog (records = 30, segmentSize = 2_200): Promise<MemoryFolder> {
  const { folder, writer } = await openAudit(new MemoryFolder(), { segmentSize })
  for (let number = 1; number <= records; number++) {
    await writer.keep({ event: 'intent', operation: `caxton.v1.Agents/Deploy`, resource: `agent-${number}` })
  }
  await writer.stop()
  return folder
}

export const verified = (folder: MemoryFolder, trust: Partial<Trust> = {}): Promise<Verified> =>
  verifyLog(folder, { authorities: [], signers: [], ...trust })
