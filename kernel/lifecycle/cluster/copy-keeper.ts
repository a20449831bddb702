import type { Change, Store } from '../../contract/index.js'
import type { AgentLuggage } from '../agents/agent-moving.js'
import { decodeCopyMessage, encodeCopyMessage, type CopyMessage } from './copy-message.js'
import { decodeLuggage, encodeLuggage } from './luggage-code.js'

/** The collections of copies by agent, and of their modules by SHA-256. */
export const COPIES = 'copies'
export const COPIED_MODULES = 'copied-modules'

interface KnownCopy {
  readonly claim: number
  readonly mark: string
  readonly module: string
}

const NOTHING = new Uint8Array(0)

/** Keeps copies of other nodes' agents: the plan, what it last saved, and its module once for all that have it. */
export class CopyKeeper {
  readonly #known = new Map<string, KnownCopy>()

  constructor (private readonly store: Store) {}

  /** Finds what an earlier process kept. */
  async open (): Promise<void> {
    for await (const { key, value } of this.store.scan(COPIES)) {
      const { message, bytes } = decodeCopyMessage(value)
      if (message.kind === 'keep') this.#know(message, decodeLuggage(key, bytes))
    }
  }

  get size (): number {
    return this.#known.size
  }

  /** Answers what another node says about a copy. */
  async answer (whole: Uint8Array): Promise<Uint8Array> {
    const { message, bytes } = decodeCopyMessage(whole)
    switch (message.kind) {
      case 'have': return encodeCopyMessage({ kind: 'need', what: await this.#needOf(message) })
      case 'keep':
        await this.#keep(message, decodeLuggage(message.name, bytes))
        return NOTHING
      case 'drop':
        await this.#drop(message.name, message.claim)
        return NOTHING
      case 'give': return await this.#give(message.name)
      default: return NOTHING
    }
  }

  /** What is kept of an agent; undefined when nothing is, or its module is missing. */
  async find (name: string): Promise<AgentLuggage | undefined> {
    const kept = this.#known.has(name) ? await this.store.get(COPIES, name) : undefined
    if (kept === undefined) return undefined
    const luggage = decodeLuggage(name, decodeCopyMessage(kept).bytes)
    const module = await this.store.get(COPIED_MODULES, luggage.plan.module)
    return module === undefined ? undefined : { ...luggage, module }
  }

  /** Forgets a copy, whoever owned it: the agent is this node's now. */
  forget (name: string): Promise<void> {
    return this.#drop(name, Infinity)
  }

  async #needOf ({ name, claim, mark, module }: Extract<CopyMessage, { kind: 'have' }>): Promise<'nothing' | 'record' | 'all'> {
    const known = this.#known.get(name)
    if (known !== undefined && (known.claim > claim || (known.claim === claim && known.mark === mark))) return 'nothing'
    return this.#hasModule(module) || await this.store.get(COPIED_MODULES, module) !== undefined ? 'record' : 'all'
  }

  async #keep (message: Extract<CopyMessage, { kind: 'keep' }>, luggage: AgentLuggage): Promise<void> {
    const { name, claim } = message
    const before = this.#known.get(name)
    if (before !== undefined && before.claim > claim) return
    const { module } = luggage
    const record = encodeLuggage({ ...luggage, module: NOTHING })
    const changes: Change[] = [{ put: COPIES, key: name, value: encodeCopyMessage(message, record) }]
    if (module.length > 0) changes.push({ put: COPIED_MODULES, key: luggage.plan.module, value: module })
    this.#know(message, luggage)
    if (before !== undefined && !this.#hasModule(before.module)) changes.push({ delete: COPIED_MODULES, key: before.module })
    await this.store.commit(changes)
  }

  async #drop (name: string, claim: number): Promise<void> {
    const known = this.#known.get(name)
    if (known === undefined || known.claim > claim) return
    this.#known.delete(name)
    const changes: Change[] = [{ delete: COPIES, key: name }]
    if (!this.#hasModule(known.module)) changes.push({ delete: COPIED_MODULES, key: known.module })
    await this.store.commit(changes)
  }

  async #give (name: string): Promise<Uint8Array> {
    const luggage = await this.find(name)
    return luggage === undefined ? NOTHING : encodeLuggage(luggage)
  }

  #know ({ name, claim, mark }: Extract<CopyMessage, { kind: 'keep' }>, { plan }: AgentLuggage): void {
    this.#known.set(name, { claim, mark, module: plan.module })
  }

  #hasModule (hash: string): boolean {
    for (const { module } of this.#known.values()) if (module === hash) return true
    return false
  }
}
