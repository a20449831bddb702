import { HOST_CALLS, type HostCall } from '../../contract/index.js'
import type { AgentScopes } from './agent-scopes.js'
import { contains, PERMISSION_KINDS, permissionWord, readPermission, type Permission, type PermissionKind } from './permission-words.js'

/** What an agent may do: read from words, complete, in one order, and without what another one contains. */
export class AgentPermissions {
  private constructor (private readonly permissions: readonly Permission[]) {}

  /** @param refuse Told the first word that is no permission, and what is wrong with it. */
  static read (words: readonly string[], refuse: (word: string, problem: string) => never): AgentPermissions {
    const read = words.map(word => {
      const permission = readPermission(word)
      return typeof permission === 'string' ? refuse(word, permission) : permission
    })
    return AgentPermissions.#of(read)
  }

  static #of (permissions: readonly Permission[]): AgentPermissions {
    const unique = [...new Map(permissions.map(each => [permissionWord(each), each])).values()]
    const needed = unique.filter(each => !unique.some(other => other !== each && contains(other, each)))
    const place = ({ kind }: Permission): number => PERMISSION_KINDS.indexOf(kind)
    return new AgentPermissions(needed.toSorted((one, other) =>
      place(one) - place(other) || (permissionWord(one) < permissionWord(other) ? -1 : 1)))
  }

  /** As the operator writes them, and as they are kept and shown. */
  get words (): readonly string[] {
    return this.permissions.map(permissionWord)
  }

  /** The host calls that they let an agent import. */
  get calls (): readonly HostCall[] {
    return HOST_CALLS.filter(call => this.#has(call) || (call === 'send' && this.#has('publish')))
  }

  /** What they are narrowed to; undefined when nothing is. */
  get scopes (): AgentScopes | undefined {
    const scopes = {
      send: this.#patterns('send'), publish: this.#patterns('publish'),
      subscribe: this.#patterns('subscribe'), call: this.#patterns('call'),
    }
    return Object.values(scopes).every(patterns => patterns === undefined) ? undefined : scopes
  }

  /** The first of them that is in none of the others. */
  beyond (most: AgentPermissions): string | undefined {
    const found = this.permissions.find(each => !most.permissions.some(outer => contains(outer, each)))
    return found === undefined ? undefined : permissionWord(found)
  }

  /** These, with others in the place of those of the same kind. Whoever narrows `send` has `publish` no more, unless it is given, too. */
  with (others: AgentPermissions): AgentPermissions {
    const replaced = new Set<PermissionKind>(others.permissions.map(({ kind }) => kind))
    if (others.#has('send') && others.#patterns('send') !== undefined) replaced.add('publish')
    return AgentPermissions.#of([...this.permissions.filter(({ kind }) => !replaced.has(kind)), ...others.permissions])
  }

  /** These, but for some kinds. */
  without (kinds: readonly string[]): AgentPermissions {
    return new AgentPermissions(this.permissions.filter(({ kind }) => !kinds.includes(kind)))
  }

  #has (kind: PermissionKind): boolean {
    return this.permissions.some(each => each.kind === kind)
  }

  #patterns (kind: PermissionKind): readonly string[] | undefined {
    const theirs = this.permissions.filter(each => each.kind === kind)
    if (theirs.some(({ pattern }) => pattern === undefined)) return undefined
    return theirs.flatMap(({ pattern }) => pattern ?? [])
  }
}
