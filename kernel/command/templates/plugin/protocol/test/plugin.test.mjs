import { afterEach, beforeEach, describe, it } from 'node:test'
import { pluginKit } from 'caxton-server/kits/plugin'
import { protocolKit } from 'caxton-server/kits/protocol'
import { {{variable}}Table } from '../dist/{{name}}.js'

const runner = { describe, it, beforeEach, afterEach }

pluginKit('{{name}}', {
  setup: async () => ({ module: new URL('../dist/plugin.js', import.meta.url) }),
  teardown: async () => {},
}, runner)

protocolKit('{{name}}', { setup: async () => {{variable}}Table, teardown: async () => {} }, runner)
