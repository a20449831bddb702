import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { pluginKit } from 'caxton-server/kits/plugin'
import { {{class}} } from '../dist/{{name}}.js'

pluginKit('{{name}}', {
  setup: async () => ({ module: new URL('../dist/plugin.js', import.meta.url) }),
  teardown: async () => {},
}, { describe, it, beforeEach, afterEach })

describe('{{name}}', () => {
  const origin = { face: 'api-grpc', address: '192.0.2.1', headers: new Map() }

  it('refuses the operations that the configuration names, and no others', () => {
    const admission = new {{class}}({ refuse: ['caxton.v1.Agents/Remove'], retry_after: 5000 })
    assert.equal(admission.admit(origin, { name: 'caxton.v1.Agents/Remove' }).admitted, false)
    assert.equal(admission.admit(origin, { name: 'caxton.v1.Agents/List' }).admitted, true)
  })
})
