import { readFile } from 'node:fs/promises'
import { RecurringTask, type Clock, type Health, type Logger } from '../../contract/index.js'
import type { AgentPolicy } from '../../routing/permissions/policy-rules.js'
import { messageOf } from '../shards/agent-turns.js'
import { AgentPolicyInvalid } from './agent-errors.js'
import { readPolicy } from './policy-text.js'

/** How often the file is looked at for a change, in milliseconds. */
const INTERVAL = 2_000
const LARGEST = 1024 * 1024
/** Most problems that are told at once. */
const TOLD = 10

/** What {@link PolicyFile} works with. */
export interface PolicyFileParts {
  /** Undefined: there is no policy. */
  readonly file: string | undefined
  /** Puts a policy in force. */
  readonly adopt: (policy: AgentPolicy) => void
  readonly read?: (file: string) => Promise<Uint8Array>
  readonly clock: Clock
  readonly log: Logger
}

/**
 * The policy for agents in its file: in force from the start on, and again whenever the file has changed. A file that can't be read any
 * more, or makes no sense, changes nothing: the policy that was in force stays.
 */
export class PolicyFile {
  #bytes: Uint8Array | undefined
  #trouble: string | undefined
  #looking: RecurringTask | undefined
  #stopped = false

  constructor (private readonly parts: PolicyFileParts) {}

  /** Throws `AGENT_POLICY_INVALID`. */
  async start (): Promise<void> {
    const { file } = this.parts
    if (file === undefined) return
    await this.#load(file)
    this.#looking = new RecurringTask(this.parts.clock, INTERVAL, () => this.#again(file))
    this.#looking.start()
  }

  async stop (): Promise<void> {
    this.#stopped = true
    await this.#looking?.stop()
  }

  health (): Health {
    return this.#trouble === undefined ? { state: 'ready' } : { state: 'degraded', detail: this.#trouble }
  }

  async #again (file: string): Promise<void> {
    const { log } = this.parts
    try {
      if (await this.#load(file)) log.info('the policy for agents was read again', { file })
      this.#trouble = undefined
    } catch (error) {
      const trouble = `${messageOf(error)}; the policy that was read before is in force`
      if (trouble !== this.#trouble) log.error(trouble)
      this.#trouble = trouble
    }
  }

  /** Answers whether the file had changed. */
  async #load (file: string): Promise<boolean> {
    const found = await readPolicyFile(file, this.parts.read, this.#bytes)
    if (found.policy === undefined || this.#stopped) return false
    this.#bytes = found.bytes
    this.parts.adopt(found.policy)
    return true
  }
}

/** Reads the policy in a file; without a policy when the file is as it was `before`. Throws `AGENT_POLICY_INVALID`. */
export async function readPolicyFile (
  file: string, read: (file: string) => Promise<Uint8Array> = readFile, before?: Uint8Array,
): Promise<{ readonly bytes: Uint8Array, readonly policy?: AgentPolicy }> {
  const bytes = await read(file).catch((cause: unknown) => {
    throw AgentPolicyInvalid({ file, problems: [messageOf(cause)] }, { cause })
  })
  if (before !== undefined && Buffer.compare(before, bytes) === 0) return { bytes }
  if (bytes.length > LARGEST) throw AgentPolicyInvalid({ file, problems: [`it has more than ${LARGEST} bytes`] })
  const result = readPolicy(bytes, file)
  if ('problems' in result) throw AgentPolicyInvalid({ file, problems: result.problems.slice(0, TOLD) })
  return { bytes, policy: result.policy }
}
