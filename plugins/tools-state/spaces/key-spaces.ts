import type { ToolCaller } from '../../../kernel/contract/index.js'
import { StateSpaceDenied, StateSpaceInvalid } from '../state-tool-errors.js'
import type { SpaceGrant } from '../tools-state-config.js'

export type Access = 'read' | 'write'

const SPACE_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/
const PATTERN = /^[^\p{C}]{1,300}$/u

interface Rule {
  readonly read: readonly RegExp[]
  readonly write: readonly RegExp[]
}

/** Who has which keys: everybody a space of their own, and the shared ones that the configuration grants. */
export class KeySpaces {
  readonly #shared: ReadonlyMap<string, Rule>

  /** Throws `STATE_SPACE_INVALID`. */
  constructor (grants: Readonly<Record<string, SpaceGrant>>) {
    this.#shared = new Map(Object.entries(grants).map(([space, { read, write }]) => {
      if (!SPACE_NAME.test(space)) throw StateSpaceInvalid({ space, reason: 'has a name that none may have' })
      const compile = (patterns: readonly string[]): RegExp[] => patterns.map(pattern => compiled(space, pattern))
      return [space, { read: compile([...read, ...write]), write: compile(write) }]
    }))
  }

  /**
   * What the backend's keys of a space begin with; no prefix begins with another. Without a space it is the caller's own. Throws
   * `STATE_SPACE_DENIED`.
   */
  prefixOf (caller: ToolCaller, space: string | undefined, access: Access): string {
    if (space === undefined) return ownPrefix(caller)
    const name = callerName(caller)
    const patterns = this.#shared.get(space)?.[access] ?? []
    if (!patterns.some(pattern => pattern.test(name))) throw StateSpaceDenied({ space, access: access === 'read' ? 'read' : 'change' })
    return `shared/${space}/`
  }
}

/** Names are encoded, so that none of them holds a slash. */
function ownPrefix ({ agent, principal }: ToolCaller): string {
  return agent === undefined ? `principals/${encodeURIComponent(principal ?? '')}/` : `agents/${encodeURIComponent(agent)}/`
}

/** An agent's name holds no colon, so none can pass for a principal. */
const callerName = ({ agent, principal }: ToolCaller): string => agent ?? `principal:${principal ?? ''}`

function compiled (space: string, pattern: string): RegExp {
  if (!PATTERN.test(pattern)) throw StateSpaceInvalid({ space, reason: `is granted to "${pattern}", which is no name` })
  const escaped = pattern.split('*').map(text => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  // "*" alone means all agents; principals are named as such.
  return new RegExp(`^${escaped.join(pattern.startsWith('principal:') ? '.*' : '[^:]*')}$`, 'u')
}
