import { afterEach, beforeEach, describe, it } from 'node:test'
import { pluginKit } from 'caxton-server/kits/plugin'

// If the plugin answers a seam for which there is a kit (store, transport, placement ...), try it with that kit too.
pluginKit('{{name}}', {
  setup: async () => ({ module: new URL('../dist/plugin.js', import.meta.url) }),
  teardown: async () => {},
}, { describe, it, beforeEach, afterEach })
