import { Admissions, AuditLogToken, Authenticators, AuthorizerToken, type Token } from '../../contract/index.js'
import { didYouMean } from '../../contract/nearest.js'
import { problemOf, type Problem } from '../configuration/problem.js'
import { GuardOptional, OperationTwice, TokenMismatch, TokenMissing, TokenTwice } from './plugin-errors.js'
import type { PluginEntry } from './plugin-loader.js'
import { neededTokens, providedTokens, type ServiceGraph } from './service-graph.js'

/** A plugin that could be enabled, and what it would provide. */
export interface Offer {
  readonly name: string
  readonly tokens: readonly string[]
}

/** What else is known about the services that may be missing. */
export interface MissingAdvice {
  /** Plugins that could be enabled. */
  readonly offers: () => Promise<readonly Offer[]>
  /** Instances that could not be loaded, so that nobody knows what they would have provided. */
  readonly unloaded: readonly string[]
}

/** Services that two provide, or that two take for different things. */
export function tokenProblems (graph: ServiceGraph): Problem[] {
  return [...twiceProblems(graph), ...mismatchProblems(graph)]
}

const GUARDS = new Set([Authenticators, AuthorizerToken, Admissions, AuditLogToken].map(({ id }) => id))

/** Optional plugins that guard the server: it must not start without them. */
export function guardProblems (entries: readonly PluginEntry[]): Problem[] {
  return entries.filter(({ optional }) => optional).flatMap(({ instance, plugin }) => {
    const guard = providedTokens(plugin).find(({ id }) => GUARDS.has(id))
    if (guard === undefined) return []
    return problemOf(GuardOptional({ token: guard.id }), { phase: 'check', instance, path: `plugins.${instance}.optional` })
  })
}

/** Services that somebody needs and nobody provides. */
export async function missingProblems (graph: ServiceGraph, advice: MissingAdvice): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const entry of graph.entries) {
    for (const { id, need } of neededTokens(entry.plugin)) {
      if (need !== 'one' || graph.providersOf(id).length > 0) continue
      const remedy = remedyFor(id, graph, await advice.offers(), advice.unloaded)
      problems.push(problemOf(TokenMissing({ token: id }), { phase: 'order', instance: entry.instance, remedy }))
    }
  }
  return problems
}

/**
 * Two plugins that contribute one service, or one that contributes it twice. Two instances of one plugin share theirs.
 */
export function operationProblems (entries: readonly PluginEntry[]): Problem[] {
  const owners = new Map<string, PluginEntry>()
  const problems: Problem[] = []
  for (const entry of entries) {
    for (const { service: { typeName } } of entry.plugin.operations ?? []) {
      const owner = owners.get(typeName)
      if (owner === undefined) owners.set(typeName, entry)
      else if (owner === entry || owner.plugin.name !== entry.plugin.name) {
        const error = OperationTwice({ service: typeName, other: owner.instance })
        problems.push(problemOf(error, { phase: 'check', instance: entry.instance }))
      }
    }
  }
  return problems
}

function remedyFor (token: string, graph: ServiceGraph, offers: readonly Offer[], unloaded: readonly string[]): string {
  const able = offers.filter(offer => offer.tokens.includes(token)).map(offer => offer.name)
  const broken = unloaded.filter(instance => able.length === 0 || able.includes(instance))
  if (broken.length > 0) return `Mend ${tables(broken)} first, which could not be loaded.`
  if (able.length > 0) return `Built in is ${tables(able)}: add one of these tables to the configuration.`
  const meant = didYouMean(token, [...graph.provided, ...offers.flatMap(offer => offer.tokens)])
  return `No built-in plugin provides it${meant}: install and enable one that does.`
}

const tables = (names: readonly string[]): string => names.map(name => `[plugins.${name}]`).join(' or ')

function twiceProblems (graph: ServiceGraph): Problem[] {
  const problems: Problem[] = []
  const owners = new Map<string, PluginEntry>()
  for (const entry of graph.entries) {
    for (const { id, need } of providedTokens(entry.plugin)) {
      const owner = owners.get(id)
      if (owner === undefined) owners.set(id, entry)
      else if (need !== 'many' || owner === entry) {
        const error = TokenTwice({ token: id, other: owner.instance })
        problems.push(problemOf(error, { phase: 'order', instance: entry.instance }))
      }
    }
  }
  return problems
}

/** The first provider of a token says what it is; where nobody provides it, the first that needs it. */
function mismatchProblems (graph: ServiceGraph): Problem[] {
  const problems: Problem[] = []
  const first = new Map<string, { readonly entry: PluginEntry, readonly sort: string }>()
  for (const tokensOf of [providedTokens, neededTokens]) {
    for (const entry of graph.entries) {
      for (const token of tokensOf(entry.plugin)) {
        const known = first.get(token.id)
        const sort = sortOf(token)
        if (known === undefined) first.set(token.id, { entry, sort })
        else if (known.sort !== sort) {
          const error = TokenMismatch({ token: token.id, here: sort, other: known.entry.instance, there: known.sort })
          problems.push(problemOf(error, { phase: 'order', instance: entry.instance }))
        }
      }
    }
  }
  return problems
}

function sortOf (token: Token<unknown>): string {
  const number = token.need === 'many' ? 'that many provide' : 'that one provides'
  return `${number}, ${token.scoped ? 'for each consumer apart' : 'shared by all'}`
}
