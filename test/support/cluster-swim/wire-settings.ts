import { GossipKey } from '../../../plugins/cluster-swim/wire/gossip-key.js'
import { KeyRing } from '../../../plugins/cluster-swim/wire/key-ring.js'
import type { WireSettings } from '../../../plugins/cluster-swim/wire/wire-settings.js'
import { SeededRandom } from '../seeded-random.js'

/** A key whose bytes are all `fill`. */
export function gossipKey (fill: number, length = 32): GossipKey {
  const key = GossipKey.of(new Uint8Array(length).fill(fill))
  if (key === undefined) throw new Error(`no key has ${length} bytes`)
  return key
}

/** Plain, without label and compression, but for what is `changed`. */
export function wireSettings (changed: Partial<WireSettings> = {}): WireSettings {
  return {
    label: '', keyRing: undefined, verifyIncoming: true, verifyOutgoing: true, compression: false, random: new SeededRandom(7), ...changed,
  }
}

/** Every way in which a cluster can agree to talk. */
export const WIRE_SETTINGS: readonly (readonly [string, () => WireSettings])[] = [false, true].flatMap(compression =>
  ['', 'production'].flatMap(label => [0, 16, 24, 32].map(length => [
    `${length === 0 ? 'plain' : `AES-${8 * length}`}${compression ? ', compressed' : ''}${label === '' ? '' : ', with a label'}`,
    () => wireSettings({ compression, label, keyRing: length === 0 ? undefined : new KeyRing(gossipKey(1, length)) }),
  ] as const)))
