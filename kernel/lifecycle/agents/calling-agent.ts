import { AgentPermissions } from '../../routing/permissions/agent-permissions.js'
import type { Address } from '../../routing/frames/frame.js'
import type { CallingAgent } from '../../routing/tools/tool-desk.js'
import type { AgentRoster } from './agent-roster.js'

/** Whoever has the address, if it is an agent of this node that may call tools. */
export function callingAgent (roster: AgentRoster, { handle, generation }: Address): CallingAgent | undefined {
  const record = roster.ofHandle(handle)
  if (record?.address.generation !== generation || !record.plan.granted.includes('call')) return undefined
  const { permissions, limits: { messageBytes } } = record.plan
  // What can't be read permits nothing; it was read when the agent was deployed.
  const scopes = AgentPermissions.read(permissions, () => { throw new RangeError(`a permission of "${record.name}" can't be read`) }).scopes
  return { name: record.name, mayCall: scopes?.call, messageBytes }
}
