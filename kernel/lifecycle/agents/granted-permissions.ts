import type { AgentManifest } from '../../contract/index.js'
import { AgentPermissions } from '../../routing/permissions/agent-permissions.js'
import { PERMISSION_KINDS } from '../../routing/permissions/permission-words.js'
import { ManifestInvalid } from './agent-errors.js'

type Wanted = Pick<AgentManifest, 'permissions' | 'allow' | 'deny'>

/**
 * What a deployment grants an agent: what it names, or else the server's usual permissions, with what it allows and without what it
 * denies. Throws `MANIFEST_INVALID`.
 */
export function grantedPermissions ({ permissions, allow, deny }: Wanted, usual: readonly string[]): AgentPermissions {
  const unknown = deny.find(kind => !PERMISSION_KINDS.some(each => each === kind))
  if (unknown !== undefined) throw invalid(unknown, `is none of ${PERMISSION_KINDS.join(', ')}`)
  const allowed = AgentPermissions.read(allow, refuse)
  const both = allowed.words.find(word => deny.some(kind => word === kind || word.startsWith(`${kind}:`)))
  if (both !== undefined) throw invalid(both, 'is allowed and denied')
  const base = AgentPermissions.read(permissions.length > 0 ? permissions : usual, refuse)
  return base.with(allowed).without(deny)
}

const invalid = (word: string, problem: string): Error =>
  ManifestInvalid({ setting: 'permissions', problem: `"${word.slice(0, 64)}" ${problem}` })

function refuse (word: string, problem: string): never {
  throw invalid(word, problem)
}
