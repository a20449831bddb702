import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { pluginKit } from 'caxton-server/kits/plugin'
import { Hours } from '../hours.js'

const HOUR = 3_600_000
const at = hour => new Hours({ now: () => Date.UTC(2030, 0, 1) + hour * HOUR }, 6, 18)
const change = { changes: true }

pluginKit('admission-hours', {
  setup: async () => ({ module: new URL('../plugin.js', import.meta.url), config: { from: 0, to: 24 } }),
  teardown: async () => {},
}, { describe, it, beforeEach, afterEach })

describe('admission-hours', () => {
  it('lets changes through within the hours', () => {
    for (const hour of [6, 12, 17.9]) assert.deepEqual(at(hour).admit({}, change), { admitted: true })
  })

  it('refuses them outside, and says how long it takes until they are let through', () => {
    for (const [hour, wait] of [[5, 1], [18, 12], [23, 7]]) {
      const { admitted, retryAfter } = at(hour).admit({}, change)
      assert.deepEqual({ admitted, retryAfter }, { admitted: false, retryAfter: wait * HOUR })
    }
  })

  it('lets everything through that changes nothing', () => {
    assert.deepEqual(at(3).admit({}, { changes: false }), { admitted: true })
  })
})
