import {
  checkToolKey, checkToolPrefix, STATE_LIMITS, StateBatchInvalid, StateConflict, type StateBackend, type StateChange, type StateCommit,
  type StateValue, type ToolCaller,
} from '../../../kernel/contract/index.js'
import type { Access, KeySpaces } from '../spaces/key-spaces.js'
import type { SpaceRoom } from '../spaces/space-room.js'
import { StateAnswerTooLarge } from '../state-tool-errors.js'
import { CallArguments } from './call-arguments.js'

/** Arguments and answers of the tools are JSON objects. */
export type JsonObject = Readonly<Record<string, unknown>>

export interface ActionLimits {
  readonly value_size: number
  readonly answer_size: number
  readonly batch: number
}

const PAGE = 100

/** What the tools do: each takes a caller and arguments from outside, and answers with the structured content of the result. */
export class StateActions {
  constructor (
    private readonly backend: StateBackend,
    private readonly spaces: KeySpaces,
    private readonly room: SpaceRoom,
    private readonly limits: ActionLimits,
  ) {}

  async store (caller: ToolCaller, values: JsonObject): Promise<JsonObject> {
    const given = new CallArguments(values, ['key', 'value', 'space'])
    const { version } = await this.#change(this.#prefix(caller, given, 'write'), [this.#put(given)])
    return { version }
  }

  async retrieve (caller: ToolCaller, values: JsonObject): Promise<JsonObject> {
    const given = new CallArguments(values, ['key', 'space'])
    return found(await this.backend.get(this.#prefix(caller, given, 'read') + keyOf(given)))
  }

  async delete (caller: ToolCaller, values: JsonObject): Promise<JsonObject> {
    const given = new CallArguments(values, ['key', 'expected_version', 'space'])
    const expected = given.optionalVersion('expected_version')
    const change: StateChange = { key: keyOf(given), delete: true, ...expected === undefined ? {} : { expected } }
    const { before } = await this.#change(this.#prefix(caller, given, 'write'), [change])
    return { deleted: (before[0] ?? 0) > 0 }
  }

  async list (caller: ToolCaller, values: JsonObject): Promise<JsonObject> {
    const given = new CallArguments(values, ['prefix', 'after', 'limit', 'space'])
    const prefix = given.optionalText('prefix') ?? ''
    const after = given.optionalText('after')
    checkToolPrefix(prefix)
    if (after !== undefined) checkToolPrefix(after)
    const space = this.#prefix(caller, given, 'read')
    const limit = given.wholeNumber('limit', PAGE, 1, STATE_LIMITS.page)
    const page = await this.backend.list(space + prefix, after === undefined ? undefined : space + after, limit)
    return { keys: page.keys.map(key => key.slice(space.length)), more: page.more }
  }

  async exists (caller: ToolCaller, values: JsonObject): Promise<JsonObject> {
    const given = new CallArguments(values, ['key', 'space'])
    const key = this.#prefix(caller, given, 'read') + keyOf(given)
    return { exists: (await this.backend.list(key, undefined, 1)).keys[0] === key }
  }

  async batchStore (caller: ToolCaller, values: JsonObject): Promise<JsonObject> {
    const given = new CallArguments(values, ['entries', 'space'])
    const entries = given.entries('entries', this.limits.batch, ['key', 'value', 'expected_version'])
    const { version } = await this.#change(this.#prefix(caller, given, 'write'), entries.map(entry => this.#put(entry)))
    return { version }
  }

  async batchRetrieve (caller: ToolCaller, values: JsonObject): Promise<JsonObject> {
    const given = new CallArguments(values, ['keys', 'space'])
    const keys = given.texts('keys', this.limits.batch)
    keys.forEach(checkToolKey)
    const space = this.#prefix(caller, given, 'read')
    const stored = await this.#getAll(keys.map(key => space + key))
    return { values: keys.map((key, i) => ({ key, ...found(stored[i]) })) }
  }

  async compareAndSet (caller: ToolCaller, values: JsonObject): Promise<JsonObject> {
    const given = new CallArguments(values, ['key', 'value', 'expected_version', 'space'])
    given.version('expected_version')
    const { version } = await this.#change(this.#prefix(caller, given, 'write'), [this.#put(given)])
    return { version }
  }

  #prefix (caller: ToolCaller, given: CallArguments, access: Access): string {
    return this.spaces.prefixOf(caller, given.optionalText('space'), access)
  }

  #put (given: CallArguments): StateChange {
    const key = keyOf(given)
    const expected = given.optionalVersion('expected_version')
    return { key, json: given.json('value', key, this.limits.value_size), ...expected === undefined ? {} : { expected } }
  }

  /** The changes name keys as the caller does; errors do so too. */
  async #change (space: string, changes: readonly StateChange[]): Promise<StateCommit> {
    const twice = changes.find(({ key }, i) => changes.findIndex(other => other.key === key) < i)
    if (twice) throw StateBatchInvalid({ reason: `names the key "${twice.key}" twice` })
    const stored = changes.map(change => ({ ...change, key: space + change.key }))
    await this.room.demand(space, stored)
    try {
      const commit = await this.backend.commit(stored)
      this.room.note(space, stored, commit)
      return commit
    } catch (error) {
      if (!StateConflict.is(error)) throw error
      throw StateConflict({ ...error.details, key: error.details.key.slice(space.length) }, { cause: error })
    }
  }

  /** The backend answers for as many keys as it likes at once. */
  async #getAll (keys: readonly string[]): Promise<ReadonlyArray<StateValue | undefined>> {
    const values: Array<StateValue | undefined> = []
    let bytes = 0
    while (values.length < keys.length) {
      const some = await this.backend.getMany(keys.slice(values.length))
      for (const value of some) bytes += value === undefined ? 0 : Buffer.byteLength(value.json)
      if (bytes > this.limits.answer_size) throw StateAnswerTooLarge({ bytes: this.limits.answer_size })
      values.push(...some)
    }
    return values
  }
}

function keyOf (given: CallArguments): string {
  const key = given.text('key')
  checkToolKey(key)
  return key
}

const found = (value: StateValue | undefined): { readonly found: boolean, readonly value: unknown, readonly version: number } =>
  value === undefined ? { found: false, value: null, version: 0 } : { found: true, value: JSON.parse(value.json), version: value.version }
