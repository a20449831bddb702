import { problemOf, type Problem } from '../configuration/problem.js'
import { DependencyCycle } from './plugin-errors.js'
import type { PluginEntry } from './plugin-loader.js'
import type { Dependency, ServiceGraph } from './service-graph.js'

/**
 * The order in which plugins start: each after those whose services it needs; where that leaves a choice, the earlier
 * in the file goes first. Plugins on a circle, and those that wait for one, are left out.
 */
export function startOrder (graph: ServiceGraph): PluginEntry[] {
  const order: PluginEntry[] = []
  const placed = new Set<PluginEntry>()
  const isReady = (entry: PluginEntry): boolean =>
    !placed.has(entry) && graph.dependenciesOf(entry).every(({ on }) => placed.has(on))
  for (let next = graph.entries.find(isReady); next !== undefined; next = graph.entries.find(isReady)) {
    order.push(next)
    placed.add(next)
  }
  return order
}

/** Every circle of plugins that wait for one another, each once, with its whole path. */
export function cycleProblems (graph: ServiceGraph): Problem[] {
  const problems: Problem[] = []
  const done = new Set<PluginEntry>()
  for (const entry of graph.entries) visit(entry, [])
  return problems

  function visit (entry: PluginEntry, trail: readonly Step[]): void {
    const from = trail.findIndex(step => step.entry === entry)
    if (from !== -1) problems.push(cycleProblem(trail.slice(from)))
    if (from !== -1 || done.has(entry)) return
    for (const dependency of graph.dependenciesOf(entry)) visit(dependency.on, [...trail, { entry, dependency }])
    done.add(entry)
  }
}

interface Step {
  readonly entry: PluginEntry
  readonly dependency: Dependency
}

function cycleProblem (steps: readonly Step[]): Problem {
  const path = steps.map(({ entry, dependency: { on, because } }) =>
    `${entry.instance} needs "${because}" of ${on.instance}`)
  // Without an optional member the circle is broken and the others can start: so it is that member's problem.
  const blamed = (steps.find(({ entry }) => entry.optional) ?? steps[0])?.entry
  return problemOf(DependencyCycle({ path: path.join(', ') }), { phase: 'order', instance: blamed?.instance })
}
