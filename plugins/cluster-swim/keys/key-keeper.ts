import { createHash } from 'node:crypto'
import type { Clock, Logger, Store } from '../../../kernel/contract/index.js'
import { ClusterKeyInvalid, ClusterKeysNotRotatable } from '../cluster-errors.js'
import type { KeyHolder } from '../serf/query-answers.js'
import { GossipKey } from '../wire/gossip-key.js'
import { KeyRing } from '../wire/key-ring.js'
import { KeyRotation, MOST_ROTATED, type RotationRules } from './key-rotation.js'
import { fingerprintOf, keyText, parseKey } from './key-text.js'

export const KEYS = 'keys'
const RING = 'ring'

/** How the ring is kept: the keys in base64, the one in use first, and which configured keys it grew from. */
interface Stored {
  readonly keys: readonly string[]
  readonly configured: string
}

/**
 * The cluster's keys on this node. What was changed while it ran outlives restarts, and holds against the configuration until
 * somebody changes the keys there.
 */
export class KeyKeeper implements KeyHolder {
  #ring: KeyRing | undefined
  #configured = ''
  #rotation: KeyRotation | undefined
  #writing: Promise<void> = Promise.resolve()

  constructor (private readonly store: Store, private readonly log: Logger) {}

  get ring (): KeyRing | undefined {
    return this.#ring
  }

  /** Throws `CLUSTER_KEY_INVALID`. */
  async load (configured: readonly string[]): Promise<void> {
    this.#configured = createHash('sha256').update(configured.join(' ')).digest('hex')
    const keys = configured.map((text, index) => {
      const key = parseKey(text)
      if (typeof key === 'string') throw ClusterKeyInvalid({ place: `number ${index + 1} of \`keys\``, problem: key })
      return key
    })
    const stored = await this.#stored()
    this.#ring = ringOf(stored !== undefined && stored.configured === this.#configured ? stored.keys.flatMap(keyOrNothing) : keys)
    // The keys of the configuration alone need no copy, and leave none when they are replaced there.
    if (stored !== undefined && stored.configured !== this.#configured) await this.store.commit([{ delete: KEYS, key: RING }])
  }

  /**
   * From now on the keys follow from those that were loaded and from the time; nobody else may change them. Throws
   * `CLUSTER_KEYS_NOT_ROTATABLE`.
   */
  rotate (rules: RotationRules, clock: Clock): void {
    const [first, ...others] = this.#ring?.list() ?? []
    if (first === undefined) throw ClusterKeysNotRotatable({ problem: 'there are no `keys`' })
    if (others.length >= MOST_ROTATED) throw ClusterKeysNotRotatable({ problem: `there are more than ${MOST_ROTATED} \`keys\`` })
    this.#rotation = new KeyRotation([first, ...others], rules, clock, this.log)
    this.#ring = this.#rotation.ring
    this.#rotation.start()
  }

  /** Rotates no more. */
  stop (): void {
    this.#rotation?.stop()
  }

  install (bytes: Uint8Array): string | undefined {
    return this.#change(bytes, (ring, key) => ring.install(key) ? undefined : 'the key ring is full')
  }

  use (bytes: Uint8Array): string | undefined {
    return this.#change(bytes, (ring, key) => ring.use(key) ? undefined : 'the key is not installed')
  }

  remove (bytes: Uint8Array): string | undefined {
    return this.#change(bytes, (ring, key) => ring.remove(key) ? undefined : 'the key is in use')
  }

  list (): readonly string[] {
    return this.#ring?.list().map(keyText) ?? []
  }

  async settled (): Promise<void> {
    await this.#writing
  }

  #change (bytes: Uint8Array, act: (ring: KeyRing, key: GossipKey) => string | undefined): string | undefined {
    const key = GossipKey.of(bytes)
    if (key === undefined) return `a key has 16, 24 or 32 bytes, not ${bytes.length}`
    if (this.#ring === undefined) return 'this node has no encryption'
    if (this.#rotation !== undefined) return 'its keys follow from those of its configuration, by `key_rotation`'
    const problem = act(this.#ring, key)
    if (problem !== undefined) return problem
    this.log.info('the keys of the cluster changed', { inUse: fingerprintOf(this.#ring.primary.bytes), keys: this.#ring.list().length })
    this.#write()
    return undefined
  }

  #write (): void {
    const value = new TextEncoder().encode(JSON.stringify({ keys: this.list(), configured: this.#configured } satisfies Stored))
    this.#writing = this.#writing.then(() => this.store.commit([{ put: KEYS, key: RING, value }])).catch((error: unknown) => {
      this.log.error('the keys of the cluster could not be stored: after a restart this node may have old ones', { error })
    })
  }

  async #stored (): Promise<Stored | undefined> {
    const bytes = await this.store.get(KEYS, RING)
    if (bytes === undefined) return undefined
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    if (typeof value !== 'object' || value === null || !('keys' in value) || !('configured' in value)) return undefined
    const { keys, configured } = value
    if (!Array.isArray(keys) || typeof configured !== 'string') return undefined
    return { keys: keys.filter(key => typeof key === 'string'), configured }
  }
}

function keyOrNothing (text: string): GossipKey[] {
  const key = parseKey(text)
  return typeof key === 'string' ? [] : [key]
}

function ringOf ([first, ...rest]: readonly GossipKey[]): KeyRing | undefined {
  return first === undefined ? undefined : new KeyRing(first, rest)
}
