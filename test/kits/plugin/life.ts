import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import * as contract from '../../../kernel/contract/index.js'
import { isCaxtonError, MetricsToken, NodeToken, type Token } from '../../../kernel/contract/index.js'
import type { KitPromise } from '../runner.js'
import { Leftovers } from './leftovers.js'
import { Stage, type Actor } from './stage.js'
import type { PluginSubject } from './subject.js'

/** Codes that every plugin may use, because the contract declares them. */
const OF_CONTRACT = new Set(Object.values(contract).flatMap((exported: unknown) =>
  typeof exported === 'function' && 'code' in exported && 'remedy' in exported ? [exported.code] : []))

/** Runs `play` between a start and a stop. */
async function live (stage: Stage, play: (actor: Actor) => Promise<void> | void): Promise<Actor> {
  const actor = stage.put()
  try {
    await actor.start()
    await play(actor)
  } finally {
    await actor.stop()
  }
  return actor
}

/** Texts of the secrets in a configuration. */
function secretsIn (value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  if ('reveal' in value && typeof value.reveal === 'function') return [String(Reflect.apply(value.reveal, value, []))]
  return Object.values(value).flatMap(secretsIn)
}

/** The same service, whose methods tell when they are called. */
function watched (service: unknown, token: Token<unknown>, called: (what: string) => void): unknown {
  // Facts are read, and instruments are asked for, while a plugin is put together.
  if (typeof service !== 'object' || service === null || token.id === NodeToken.id || token.id === MetricsToken.id) return service
  return new Proxy(service, {
    get: (target, name): unknown => {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...given: unknown[]): unknown => {
        called(`${token.id}: ${String(name)}`)
        return Reflect.apply(value, target, given)
      }
    },
  })
}

/** How a plugin lives that nothing happens to. */
export const pluginLifePromises: ReadonlyArray<KitPromise<PluginSubject>> = [
  {
    name: 'does nothing while it is put together',
    test: subject => Stage.with(subject, async stage => {
      const calls: string[] = []
      const before = new Leftovers()
      const actor = stage.put(undefined, (service, token) => watched(service, token, what => { calls.push(what) }))
      assert.deepEqual(calls, [], 'it calls what it is given')
      assert.deepEqual(actor.log.lines, [], 'it writes to the log')
      await before.assertNone(stage, [actor], 'put together, and never started')
    }),
  },
  {
    name: 'gives every service that it provides, and a handler for every operation, each with a right',
    ability: 'start',
    test: subject => Stage.with(subject, async stage => {
      await live(stage, ({ wired }) => {
        const provided = (stage.trial.plugin.provides ?? []).map(item => 'from' in item ? item.token.id : item.id)
        assert.deepEqual([...wired.provided.keys()].toSorted(), provided.toSorted())
        assert.deepEqual(stage.trial.handlerComplaints(wired), [])
      })
    }),
  },
  {
    name: 'says at any time how it does, at once, and why when it does not do well',
    ability: 'start',
    test: subject => Stage.with(subject, async stage => {
      const actor = await live(stage, running => { assertHealth(running) })
      assertHealth(actor)
    }),
  },
  {
    name: 'does not report that it died while nothing was wrong',
    ability: 'start',
    test: subject => Stage.with(subject, async stage => {
      const actor = await live(stage, () => {})
      assert.deepEqual(actor.failures.map(({ message }) => message), [])
    }),
  },
  {
    name: 'writes no secret of its configuration to the log',
    ability: 'start',
    test: subject => Stage.with(subject, async stage => {
      const { log } = await live(stage, () => {})
      const text = inspect(log.lines, { depth: 20, maxStringLength: Infinity, maxArrayLength: Infinity, breakLength: Infinity })
      for (const secret of secretsIn(stage.trial.config)) assert.ok(!text.includes(secret), 'a secret is in the log')
    }),
  },
  {
    name: 'shares nothing with another instance of itself',
    ability: 'start',
    test: subject => Stage.with(subject, one => Stage.with(subject, async other => {
      const [first, second] = [one.put('first'), other.put('second')]
      assert.notEqual(first.wired.main, second.wired.main, 'both are one object')
      try {
        await first.start()
        await second.start()
        await first.stop()
        assert.notEqual(second.health().state, 'failed', 'the end of one is the end of the other')
      } finally {
        await second.stop()
      }
      const third = one.put('third')
      await third.start()
      await third.stop()
    })),
  },
  {
    name: 'says in one sentence how a start would go, where it says so at all',
    test: subject => Stage.with(subject, async stage => {
      const { plugin: { outlook, name }, config } = stage.trial
      const before = new Leftovers()
      const said = await outlook?.(config, name, undefined).catch((error: unknown) => { assertDeclared(stage, error) })
      assert.ok(said === undefined || /^[^\n]{8,}[^.\n]$/.test(said), `the outlook is no sentence without a point: ${String(said)}`)
      await before.assertNone(stage, [], 'asked for its outlook')
    }),
  },
  {
    name: 'raises only errors that it has declared, when a start is refused',
    test: subject => Stage.with(subject, async stage => {
      const actor = stage.put()
      await actor.start(AbortSignal.abort(new Error('called off'))).catch((error: unknown) => { assertDeclared(stage, error) })
      await actor.stop()
    }),
  },
]

function assertHealth (actor: Actor): void {
  const health: unknown = actor.health()
  assert.ok(typeof health === 'object' && health !== null && 'state' in health, 'its health has no state; it must be no promise')
  assert.ok(['ready', 'degraded', 'failed'].some(state => state === health.state), `there is no state ${String(health.state)}`)
  if (health.state === 'ready') return
  const detail = 'detail' in health ? health.detail : undefined
  assert.ok(typeof detail === 'string' && detail.length >= 10, 'it does not say why it does not do well')
}

/** What is raised is no declared error at all, or one that `caxton explain` knows. */
function assertDeclared (stage: Stage, error: unknown): void {
  if (!isCaxtonError(error)) return
  const known = (stage.trial.plugin.errors ?? []).some(({ code }) => code === error.code) || OF_CONTRACT.has(error.code)
  assert.ok(known, `it raises ${error.code}, which is not among its errors`)
}
