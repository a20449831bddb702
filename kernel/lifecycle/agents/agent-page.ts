import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  AgentState, type AgentListing, type AgentSchema, type ListAgentsRequest, type ListAgentsResponseSchema,
} from '../../contract/index.js'
import type { AgentsHere, AgentsHereMain } from './agents-here.js'

const LISTED = 1_000
const MOST_LISTED = 100_000
const STATES: Readonly<Record<AgentListing['state'], AgentState>> = {
  running: AgentState.RUNNING, draining: AgentState.DRAINING, stopped: AgentState.STOPPED, failed: AgentState.FAILED,
}

type Shown = MessageInitShape<typeof AgentSchema>
type Entry = { readonly name: string, readonly show: () => Shown }

/** A page of agents by name: those of this node as they are, those of other nodes as the registry knows them. */
export function pageOfAgents (
  main: AgentsHereMain, here: AgentsHere,
  { prefix, limit, after, node }: Pick<ListAgentsRequest, 'prefix' | 'limit' | 'after' | 'node'>,
): MessageInitShape<typeof ListAgentsResponseSchema> {
  const page = new FirstByName(limit === 0 ? LISTED : Math.min(limit, MOST_LISTED), prefix, after)
  const isWanted = (nodeId: string): boolean => node === '' || node === nodeId
  if (isWanted(main.elsewhere?.self ?? '')) {
    for (const record of main.agents.list()) page.offer({ name: record.name, show: () => here.shown(record) })
  }
  for (const { nodeId, listing } of main.elsewhere?.list() ?? []) {
    if (isWanted(nodeId)) page.offer({ name: listing.name, show: () => listed(nodeId, listing) })
  }
  return { agents: page.entries().map(({ show }) => show()), total: page.total }
}

/** Keeps the first so many names of very many, without sorting them all. */
class FirstByName {
  #entries: Entry[] = []
  /** All with the prefix. */
  total = 0

  constructor (private readonly most: number, private readonly prefix: string, private readonly after: string) {}

  offer (entry: Entry): void {
    if (!entry.name.startsWith(this.prefix)) return
    this.total += 1
    if (entry.name <= this.after) return
    this.#entries.push(entry)
    if (this.#entries.length >= this.most * 2 + 100) this.#entries = this.entries()
  }

  entries (): Entry[] {
    return this.#entries.sort((one, other) => one.name < other.name ? -1 : 1).slice(0, this.most)
  }
}

const listed = (node: string, { name, state, module }: AgentListing): Shown => ({ name, node, module, state: STATES[state] })
