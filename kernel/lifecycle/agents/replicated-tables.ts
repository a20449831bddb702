import { CapabilityRegistry } from '../../routing/capabilities/capability-registry.js'
import { CapabilityTable } from '../../routing/capabilities/capability-table.js'
import { Directory, type NameChanges } from '../../routing/directory/directory.js'
import { NameTable } from '../../routing/directory/name-table.js'
import type { RouteTable } from '../../routing/directory/route-table.js'
import { MessagePolicy } from '../../routing/permissions/message-policy.js'
import { PolicyBook } from '../../routing/permissions/policy-book.js'
import type { AgentPolicy } from '../../routing/permissions/policy-rules.js'
import { TopicRegistry } from '../../routing/topics/topic-registry.js'
import { TopicTable } from '../../routing/topics/topic-table.js'
import type { Control } from '../shards/shard-control.js'

/**
 * What every thread knows about who can be written to, and by whom: names, capabilities, topics, the policy. Main keeps the registers,
 * and brings each change to its own tables and to the shards.
 */
export class ReplicatedTables {
  readonly names = new NameTable()
  readonly capabilities = new CapabilityTable()
  readonly topics = new TopicTable()
  readonly directory: Directory
  readonly offers: CapabilityRegistry
  readonly subscriptions: TopicRegistry
  /** Who may write to whom. */
  policy: MessagePolicy | undefined
  readonly #policies: PolicyBook

  /** @param informAll Brings an order to all shards, which they obey before anything else. */
  constructor (routes: RouteTable, private readonly informAll: (control: Control) => void) {
    this.directory = new Directory(routes, changes => this.#renamed(changes))
    this.#policies = new PolicyBook(this.directory)
    this.directory.entered = (handle, name) => { this.#policies.entered(handle, name) }
    this.offers = new CapabilityRegistry(changes => {
      this.capabilities.apply(changes)
      this.informAll({ kind: 'capabilities', changes })
    })
    this.subscriptions = new TopicRegistry(changes => {
      this.topics.apply(changes)
      this.informAll({ kind: 'topics', changes })
    })
  }

  /** From now on this is who may write to whom; undefined: whoever has the permission, to everybody. */
  adopt (policy: AgentPolicy | undefined): void {
    this.#policies.adopt(policy)
    const { tables } = this.#policies
    this.policy = tables === undefined ? undefined : new MessagePolicy(tables, () => performance.now())
    this.informAll({ kind: 'policy', tables })
  }

  /** Orders that tell everything to a shard that knows nothing yet. */
  everything (): Control[] {
    return [
      { kind: 'policy', tables: this.#policies.tables },
      { kind: 'names', changes: this.directory.all() },
      { kind: 'capabilities', changes: this.offers.all() },
      { kind: 'topics', changes: this.subscriptions.all() },
    ]
  }

  #renamed (changes: NameChanges): void {
    this.names.change(changes)
    this.informAll({ kind: 'names', changes })
  }
}
