import { MembershipToken } from '../../contract/index.js'
import { problemOf, type Problem } from '../configuration/problem.js'
import type { PluginEntry } from '../plugins/plugin-loader.js'
import { providedTokens } from '../plugins/service-graph.js'
import { ClusterPluginMissing, ClusterSeedsMissing } from './cluster-errors.js'

/** What a start says of the cluster, beyond the file. */
export interface ClusterStart {
  /** The node may begin a cluster. */
  readonly bootstrap: boolean
  /** Nodes to join through, instead of those of the file: each `host[:port]` or a DNS name. */
  readonly join: readonly string[]
  /** The node must join through the nodes that the file names. */
  readonly fromFile: boolean
}

/** What follows from it: settings as `--set` takes them, over all others, and what is in the way. */
export interface ClusterSettings {
  readonly sets: readonly string[]
  readonly problems: readonly Problem[]
}

/** A configuration that suffices for a cluster on one machine. */
const LINES = ['cluster-swim', 'transport-tcp', 'registry-gossip', 'placement-rendezvous'].map(name => `[plugins.${name}]`).join('\n')

/** Turns the words of a start into settings of the plugin that knows which nodes live, whichever of `entries` it is. */
export function clusterSettings ({ bootstrap, join, fromFile }: ClusterStart, entries: readonly PluginEntry[]): ClusterSettings {
  const membership = entries.find(({ plugin }) => providedTokens(plugin).some(({ id }) => id === MembershipToken.id))
  if (membership === undefined) {
    const option = fromFile ? '--cluster' : bootstrap ? '--bootstrap' : '--join'
    const problem = problemOf(ClusterPluginMissing({ option }), { phase: 'configure', path: 'plugins', excerpt: LINES })
    return { sets: [], problems: [problem] }
  }
  const path = `plugins.${membership.instance}`
  const sets = [
    ...join.length === 0 ? [] : [`${path}.seeds=${join.join(',')}`],
    ...bootstrap || join.length > 0 ? [`${path}.bootstrap=${bootstrap}`] : [],
  ]
  const { seeds } = membership.config
  const hasSeeds = join.length > 0 || (Array.isArray(seeds) && seeds.length > 0)
  if (!fromFile || hasSeeds) return { sets, problems: [] }
  const error = ClusterSeedsMissing({ path: `${path}.seeds` })
  return { sets, problems: [problemOf(error, { phase: 'configure', instance: membership.instance, path: `${path}.seeds` })] }
}
