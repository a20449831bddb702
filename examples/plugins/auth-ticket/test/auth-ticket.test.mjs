import { afterEach, beforeEach, describe, it } from 'node:test'
import { Secret } from 'caxton-server/contract'
import { authenticatorKit } from 'caxton-server/kits/authenticator'
import { pluginKit } from 'caxton-server/kits/plugin'
import { TicketAuthenticator } from '../dist/ticket-authenticator.js'
import { TicketOffice } from '../dist/ticket.js'

const runner = { describe, it, beforeEach, afterEach }
const SECRET = 'a-secret-of-this-server-and-of-no-other'
const NOW = Date.UTC(2030, 0, 1)
const HOUR = 3_600_000

pluginKit('auth-ticket', {
  setup: async () => ({ module: new URL('../dist/plugin.js', import.meta.url), config: { secret: SECRET } }),
  teardown: async () => {},
}, runner)

const showing = text => ({ face: 'api-grpc', address: '192.0.2.1', headers: new Map([['authorization', `Bearer ${text}`]]) })

authenticatorKit('auth-ticket', {
  setup: async () => {
    const lines = []
    const write = (...line) => { lines.push(line) }
    const log = { debug: write, info: write, warn: write, error: write }
    const clock = { now: () => NOW, elapsed: () => 0, after: () => ({ cancel: () => {} }) }
    const config = { secret: new Secret(SECRET), roles: ['viewer'], longest: 24 * HOUR }
    const authenticator = new TicketAuthenticator(clock, config, { instance: 'auth-ticket', log, fail: () => {} })
    await authenticator.start()
    const office = new TicketOffice(SECRET)
    const good = Object.fromEntries(['ada', 'grace'].map(name => [name, office.make({ name, end: NOW + HOUR })]))
    const wrong = {
      'over': office.make({ name: 'ada', end: NOW }),
      'good for too long': office.make({ name: 'ada', end: NOW + 25 * HOUR }),
      'of another office': new TicketOffice('a-secret-of-another-server-than-this').make({ name: 'ada', end: NOW + HOUR }),
      'for another name': good.ada.replace('ada', 'eve'),
      'no ticket at all': 'ticket.',
    }
    return {
      authenticator,
      right: Object.entries(good).map(([name, text]) =>
        ({ what: name, text, principal: { name: `ticket:${name}`, method: 'auth-ticket', roles: ['viewer'] } })),
      wrong: Object.entries(wrong).map(([what, text]) => ({ what, origin: showing(text) })),
      foreign: [showing('cax_aaaaaaaaaaaaaaaa_bbbb')],
      secrets: [SECRET, ...Object.values(good).map(text => text.slice(text.lastIndexOf('.') + 1))],
      showing,
      log: () => JSON.stringify(lines),
    }
  },
  teardown: async () => {},
  lacks: ['waits'],
}, runner)
