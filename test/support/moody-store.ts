import type { Change, Store } from '../../kernel/contract/index.js'
import { INBOX } from '../../kernel/routing/durable/kept-messages.js'
import { MemoryStore } from '../../plugins/store-memory/memory-store.js'

/** Whether messages end with the commit, and something else changes. */
const isWork = (changes: readonly Change[]): boolean =>
  changes.some(change => 'delete' in change && change.delete === INBOX) && changes.some(change => 'put' in change && change.put !== INBOX)

/** A store in memory whose commits can be held up, and made to fail. */
export class MoodyStore {
  readonly commits: Array<readonly Change[]> = []
  fails = false
  /** The next commit fails. */
  failsOnce = false
  /** Of work that an agent did, commits fail. */
  failsWork = false
  /** Commits that failed. */
  failed = 0
  /** Commits that wait. */
  waiting = 0
  #holdsWorkAlone = false
  #held: Promise<void> | undefined
  #goOn: () => void = () => {}

  constructor (private readonly store: Store = new MemoryStore({ max_size: 2 ** 30 }).scopeFor('kernel-agents')) {}

  get asStore (): Store {
    const { store } = this
    return {
      migrate: migrations => store.migrate(migrations),
      get: (collection, key) => store.get(collection, key),
      scan: (collection, range) => store.scan(collection, range),
      count: collection => store.count(collection),
      commit: async changes => {
        if (!this.#holdsWorkAlone || isWork(changes)) {
          this.waiting += 1
          await this.#held
          this.waiting -= 1
        }
        if (this.fails || this.failsOnce || (this.failsWork && isWork(changes))) {
          this.failed += 1
          this.failsOnce = false
          throw new Error('the disk is full')
        }
        this.commits.push(changes)
        await store.commit(changes)
      },
    }
  }

  /** Commits wait from now on: all of them, or those of work that an agent did. */
  hold (workAlone = false): void {
    this.#holdsWorkAlone = workAlone
    this.#held = new Promise(resolve => { this.#goOn = resolve })
  }

  goOn (): void {
    this.#held = undefined
    this.#goOn()
  }
}
