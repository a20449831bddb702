import { AgentState } from '../../contract/index.js'
import type { AgentCare } from './agent-care.js'
import { AgentQuarantined, ManifestInvalid } from './agent-errors.js'
import type { AgentLife } from './agent-life.js'
import type { AgentLocks } from './agent-locks.js'
import type { AgentRecord } from './agent-record.js'
import type { AgentRoster } from './agent-roster.js'
import type { AgentStore } from './agent-store.js'
import type { Rollouts } from './rollouts.js'

/** Most characters of a reason. */
const LONGEST_REASON = 1_000

/** What {@link AgentQuarantine} works with. */
export interface QuarantineParts {
  readonly roster: Pick<AgentRoster, 'find'>
  readonly care: Pick<AgentCare, 'shutAway' | 'forgive'>
  readonly life: Pick<AgentLife, 'launch'>
  readonly locks: AgentLocks
  readonly store: Pick<AgentStore, 'keep'>
  readonly rollouts: Pick<Rollouts, 'cut'>
}

/** Takes agents out, and lets them go again, because an operator says so. */
export class AgentQuarantine {
  constructor (private readonly parts: QuarantineParts) {}

  /** Ends an agent at once: nothing of its code runs any more, not to save its state either. Throws `AGENT_NOT_FOUND`. */
  async quarantine (name: string, reason: string): Promise<AgentRecord> {
    const { roster, care, locks, store, rollouts } = this.parts
    if (reason.length > LONGEST_REASON) throw ManifestInvalid({ setting: 'reason', problem: `longer than ${LONGEST_REASON} characters` })
    return await locks.run(name, async () => {
      await rollouts.cut(name, 0)
      const record = roster.find(name)
      record.heldFor = reason === '' ? 'an operator said so' : reason
      care.shutAway(record, record.heldFor)
      await store.keep(record)
      return record
    })
  }

  /** Lets an agent go, and starts it unless it was stopped. Does nothing to one that is not quarantined. */
  release (name: string): Promise<AgentRecord> {
    const { roster, care, life, locks, store } = this.parts
    return locks.run(name, async () => {
      const record = roster.find(name)
      if (!record.quarantined) return record
      care.forgive(record)
      record.heldFor = undefined
      record.quarantined = false
      record.reason = ''
      record.tellChanged()
      await store.keep(record)
      if (record.wanted && record.state !== AgentState.RUNNING) await life.launch(record)
      return record
    })
  }
}

/** Throws `AGENT_QUARANTINED` when an operator said that the agent must not run. */
export function refuseHeld ({ name, heldFor }: Pick<AgentRecord, 'name' | 'heldFor'>): void {
  if (heldFor !== undefined) throw AgentQuarantined({ name, reason: heldFor })
}

/** The reason of an agent that comes back in quarantine. */
export const quarantineText = ({ heldFor }: Pick<AgentRecord, 'heldFor'>): string =>
  heldFor === undefined ? 'quarantined' : `quarantined: ${heldFor}`
