import { afterEach, beforeEach, describe, it } from 'node:test'
import { Secret } from 'caxton-server/contract'
import { authenticatorKit } from 'caxton-server/kits/authenticator'
import { pluginKit } from 'caxton-server/kits/plugin'
import { {{class}} } from '../dist/{{name}}.js'

const runner = { describe, it, beforeEach, afterEach }
const WORDS = { ada: 'the-word-of-ada-lovelace', grace: 'the-word-of-grace-hopper' }

pluginKit('{{name}}', {
  setup: async () => ({
    module: new URL('../dist/plugin.js', import.meta.url),
    config: { callers: { ada: { word: WORDS.ada, roles: ['admin'] } } },
  }),
  teardown: async () => {},
}, runner)

const showing = text => ({ face: 'api-grpc', address: '192.0.2.1', headers: new Map([['authorization', `Bearer ${text}`]]) })

authenticatorKit('{{name}}', {
  setup: async () => {
    const lines = []
    const write = (...line) => { lines.push(line) }
    const log = { debug: write, info: write, warn: write, error: write }
    const callers = Object.fromEntries(Object.entries(WORDS).map(([name, word]) => [name, { word: new Secret(word), roles: ['viewer'] }]))
    const wrong = { 'unknown': `{{how}}.eve.${WORDS.ada}`, 'of another': `{{how}}.ada.${WORDS.grace}`, 'cut': '{{how}}.ada.', 'empty': '{{how}}.' }
    return {
      authenticator: new {{class}}({ callers }, { instance: '{{name}}', log, fail: () => {} }),
      right: Object.entries(WORDS).map(([name, word]) =>
        ({ what: name, text: `{{how}}.${name}.${word}`, principal: { name: `{{how}}:${name}`, method: '{{name}}', roles: ['viewer'] } })),
      wrong: Object.entries(wrong).map(([what, text]) => ({ what, origin: showing(text) })),
      foreign: [showing('cax_aaaaaaaaaaaaaaaa_bbbb')],
      secrets: Object.values(WORDS),
      showing,
      log: () => JSON.stringify(lines),
    }
  },
  teardown: async () => {},
  lacks: ['waits'],
}, runner)
