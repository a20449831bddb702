import { ConfigSettingMalformed } from '../configuration/configuration-errors.js'
import { problemOf, type Problem } from '../configuration/problem.js'
import { loadClasses } from './class-check.js'
import type { PluginClass } from './container.js'
import { DependencyFailed } from './plugin-errors.js'
import type { PluginEntry } from './plugin-loader.js'
import { neededTokens, ServiceGraph } from './service-graph.js'
import { cycleProblems, startOrder } from './start-order.js'
import { guardProblems, missingProblems, operationProblems, tokenProblems, type Offer } from './token-check.js'

/** What a check found: every problem, and what can start in which order if none of them is fatal. */
export interface StartPlan {
  readonly problems: readonly Problem[]
  readonly order: readonly PluginEntry[]
  /** Classes by instance; a plugin without one has `register`. */
  readonly classes: ReadonlyMap<string, PluginClass>
}

/**
 * Checks plugins together: what their classes inject, who provides what to whom, and in which order they can start.
 * Problems of optional plugins are marked as ignored, these plugins are left out, and so is, in turn, whoever cannot do
 * without them.
 */
export async function checkPlugins (
  entries: readonly PluginEntry[], earlier: readonly Problem[], offers: () => Promise<readonly Offer[]>,
): Promise<StartPlan> {
  const graph = new ServiceGraph(entries)
  const { classes, problems: classProblems } = await loadClasses(entries)
  const optional = new Set(entries.filter(entry => entry.optional).map(({ instance }) => instance))
  const found = [
    ...entries.flatMap(entry => entry.problems ?? []), ...classProblems, ...tokenProblems(graph),
    ...wasRead(earlier) ? await missingProblems(graph, { offers, unloaded: unloadedOf(entries, earlier) }) : [],
    ...cycleProblems(graph), ...operationProblems(entries),
  ]
  const problems = [...earlier, ...found.map(problem =>
    ({ ...problem, ignored: problem.instance !== undefined && optional.has(problem.instance) })), ...guardProblems(entries)]
  const failed = new Set(problems.map(problem => problem.instance))
  problems.push(...withoutTheFailed(graph, failed))
  const remaining = entries.filter(({ instance }) => !failed.has(instance))
  return { problems, classes, order: startOrder(new ServiceGraph(remaining)) }
}

/** Of a file that could not be read, nothing is known; so it says nothing that services are missing. */
function wasRead (earlier: readonly Problem[]): boolean {
  return !earlier.some(({ phase, path, instance, code }) =>
    phase === 'read' && path === undefined && instance === undefined && code !== ConfigSettingMalformed.code)
}

function unloadedOf (entries: readonly PluginEntry[], earlier: readonly Problem[]): string[] {
  const loaded = new Set(entries.map(({ instance }) => instance))
  return [...new Set(earlier.flatMap(({ instance, phase }) =>
    instance === undefined || phase !== 'load' || loaded.has(instance) ? [] : instance))]
}

/** Adds whoever needs a service of an optional plugin that failed to those that failed, until nobody is left to add. */
function withoutTheFailed (graph: ServiceGraph, failed: Set<string | undefined>): Problem[] {
  const problems: Problem[] = []
  for (let before = -1; before !== problems.length;) {
    before = problems.length
    for (const entry of graph.entries.filter(({ instance }) => !failed.has(instance))) {
      const lost = lostNeed(entry, graph, failed)
      if (lost === undefined) continue
      failed.add(entry.instance)
      if (!lost.provider.optional) continue
      const error = DependencyFailed({ token: lost.token, failed: lost.provider.instance })
      problems.push({ ...problemOf(error, { phase: 'order', instance: entry.instance }), ignored: entry.optional })
    }
  }
  return problems
}

/** A service the plugin cannot do without and whose only provider failed. */
function lostNeed (
  entry: PluginEntry, graph: ServiceGraph, failed: ReadonlySet<string | undefined>,
): { readonly token: string, readonly provider: PluginEntry } | undefined {
  for (const { id, need } of neededTokens(entry.plugin)) {
    if (need !== 'one') continue
    const provider = graph.providersOf(id)[0]
    if (provider !== undefined && failed.has(provider.instance)) return { token: id, provider }
  }
  return undefined
}
