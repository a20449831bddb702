import {
  OperationsToken, PluginConfig, PluginContextToken, PluginLog, type Plugin, type Token,
} from '../../contract/index.js'
import type { PluginEntry } from './plugin-loader.js'

/** What every plugin has without naming it in `needs`. */
const OWN = new Set([PluginConfig.id, PluginContextToken.id, PluginLog.id])

export const isOwnToken = (id: string): boolean => OWN.has(id)

/** Tokens of the services that a plugin declares to provide. */
export function providedTokens (plugin: Plugin): Array<Token<unknown>> {
  return (plugin.provides ?? []).map(provided => 'from' in provided ? provided.token : provided)
}

/** Tokens of the services that a plugin needs from others. */
export function neededTokens (plugin: Plugin): Array<Token<unknown>> {
  return (plugin.needs ?? []).filter(needed => !isOwnToken(needed.id))
}

/** One plugin waits for another because of a service. */
export interface Dependency {
  readonly on: PluginEntry
  /** Id of the token, or what else ties the two. */
  readonly because: string
}

/** Which plugin waits for which, and why. Entries keep the order in which they were given. */
export class ServiceGraph {
  private readonly providers = new Map<string, PluginEntry[]>()
  private readonly dependencies = new Map<PluginEntry, Dependency[]>()

  constructor (readonly entries: readonly PluginEntry[]) {
    for (const entry of entries) {
      for (const { id } of providedTokens(entry.plugin)) {
        const others = this.providers.get(id) ?? []
        if (!others.includes(entry)) this.providers.set(id, [...others, entry])
      }
    }
    for (const entry of entries) {
      this.dependencies.set(entry, neededTokens(entry.plugin)
        .flatMap(({ id }) => this.providersOf(id).map(on => ({ on, because: id }))))
    }
    this.putOperationsFirst()
  }

  providersOf (token: string): readonly PluginEntry[] {
    return this.providers.get(token) ?? []
  }

  /** Ids of every service that somebody provides. */
  get provided (): string[] {
    return [...this.providers.keys()]
  }

  dependenciesOf (entry: PluginEntry): readonly Dependency[] {
    return this.dependencies.get(entry) ?? []
  }

  /**
   * Faces open last: who gives or takes the road of operations waits for those that contribute some, unless these wait
   * for it.
   */
  private putOperationsFirst (): void {
    const carries = ({ plugin }: PluginEntry): boolean =>
      [...providedTokens(plugin), ...neededTokens(plugin)].some(({ id }) => id === OperationsToken.id)
    const contributors = this.entries.filter(entry => (entry.plugin.operations ?? []).length > 0 && !carries(entry))
    for (const carrier of this.entries.filter(carries)) {
      for (const on of contributors) {
        if (!this.waits(on, carrier)) this.dependencies.get(carrier)?.push({ on, because: 'operations' })
      }
    }
  }

  private waits (entry: PluginEntry, target: PluginEntry, seen = new Set<PluginEntry>()): boolean {
    if (entry === target) return true
    if (seen.has(entry)) return false
    seen.add(entry)
    return this.dependenciesOf(entry).some(({ on }) => this.waits(on, target, seen))
  }
}
