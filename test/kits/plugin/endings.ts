import type { KitPromise } from '../runner.js'
import { Faults } from './faults.js'
import { Leftovers } from './leftovers.js'
import { Stage, type Actor } from './stage.js'
import type { PluginSubject } from './subject.js'

/** Most calls that are let fail, one in each start. */
const MOST_FAULTS = 12

/** What a plugin is put through between being put together and its end. It may fail in it, but not in its end. */
type Trouble = (actor: Actor) => Promise<unknown>

const ended = (name: string, trouble: Trouble, ability?: 'start'): KitPromise<PluginSubject> => ({
  name,
  ...ability === undefined ? {} : { ability },
  test: subject => Stage.with(subject, stage => endsWell(stage, trouble, name)),
})

async function endsWell (stage: Stage, trouble: Trouble, what: string): Promise<void> {
  const before = new Leftovers()
  const actor = stage.put()
  const troubled = trouble(actor)
  await troubled
  await actor.stop()
  await before.assertNone(stage, [actor], what)
}

const swallow = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined)

/** Every way in which a plugin's life may end. */
export const pluginEndingPromises: ReadonlyArray<KitPromise<PluginSubject>> = [
  ended('leaves nothing behind when it was started, drained and stopped', async actor => {
    await actor.start()
    await actor.drain()
  }, 'start'),
  ended('leaves nothing behind when it is stopped without being drained', actor => actor.start(), 'start'),
  ended('ends a drain that is called off, and stops after it', async actor => {
    await actor.start()
    const ending = new AbortController()
    const drained = swallow(actor.drain(ending.signal))
    ending.abort(new Error('there is no more time'))
    await drained
  }, 'start'),
  ended('stops when its start was called off before it began', actor => swallow(actor.start(AbortSignal.abort(new Error('called off'))))),
  ended('stops when its start is called off on the way', async actor => {
    const ending = new AbortController()
    const started = swallow(actor.start(ending.signal))
    await new Promise(resolve => { setImmediate(resolve) })
    ending.abort(new Error('called off'))
    await started
  }),
  {
    name: 'stops while its start, called off, is still under way',
    test: subject => Stage.with(subject, async stage => {
      const before = new Leftovers()
      const actor = stage.put()
      const ending = new AbortController()
      const started = swallow(actor.start(ending.signal))
      ending.abort(new Error('there is no more time'))
      await actor.stop()
      await started
      await before.assertNone(stage, [actor], 'stopped while its start was under way')
    }),
  },
  {
    name: 'ends what it began when a store or a port fails it on the way',
    test: async subject => {
      for (let at = 1; at <= MOST_FAULTS; at++) {
        const faults = new Faults(at)
        await Stage.with(subject, stage => endsWell(stage, actor => swallow(actor.start()), `call ${at} of its start failed`), faults)
        if (!faults.struck) return
      }
    },
  },
]
