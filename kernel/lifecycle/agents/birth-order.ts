import type { Address } from '../../routing/frames/frame.js'
import { AgentPermissions } from '../../routing/permissions/agent-permissions.js'
import type { AgentBirth } from '../shards/shard-control.js'
import type { AgentPlan, SavedState } from './agent-record.js'
import { keyOf } from './module-cache.js'

/** A version of an agent as its shard is told of it. */
export const birthOf = (
  plan: AgentPlan, { handle, generation }: Address, slot: number, state: SavedState | undefined,
  { isShadow = false, timers = [] }: Partial<Pick<AgentBirth, 'isShadow' | 'timers'>> = {},
): AgentBirth => ({
  handle, generation, slot, name: plan.name, module: keyOf(plan),
  limits: plan.limits, granted: plan.granted, mailboxMessages: plan.mailboxMessages, configuration: plan.configuration,
  scopes: AgentPermissions.read(plan.permissions, unreadable).scopes, messageRate: plan.messageRate, logLines: plan.logLines,
  state: state?.bytes, stateVersion: state?.version ?? plan.version, isShadow, timers,
})

function unreadable (word: string, problem: string): never {
  throw new RangeError(`the permission "${word}" ${problem}`)
}
