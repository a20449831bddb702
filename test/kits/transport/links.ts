import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { Events, frameOf, linked, never, refuses, same, sendAll, serving, type Pair, type TransportSubject } from './subject.js'

const bothClosed = ({ a, b }: Pair): Promise<unknown> =>
  Promise.all([a, b].map(node => node.events.until(() => node.events.closings.length > 0)))

/** How links begin and end. */
export const transportLinkPromises: ReadonlyArray<KitPromise<TransportSubject>> = [
  {
    name: 'tells both sides of a link once, before its first frame, with the other node\'s id',
    test: async subject => {
      const { a, b, fromA, fromB } = await linked(subject)
      await sendAll(fromB, [frameOf(1)])
      await a.events.until(() => a.events.frames.length > 0)
      assert.deepEqual(a.events.order, ['opened', 'frame'])
      assert.deepEqual(a.events.openings, [fromA])
      assert.deepEqual(b.events.openings, [fromB])
      assert.deepEqual([fromA.nodeId, fromB.nodeId], ['node-b', 'node-a'])
    },
  },
  {
    name: 'ends both sides when one closes, after all that was taken, once and without an error',
    test: async subject => {
      const pair = await linked(subject)
      const frames = Array.from({ length: 100 }, (_, i) => frameOf(i))
      await sendAll(pair.fromA, frames)
      await pair.fromA.close()
      await bothClosed(pair)
      same(pair.b.events.frames.map(({ frame }) => frame), frames)
      assert.deepEqual(pair.b.events.closings, [{ link: pair.fromB, error: undefined }])
      assert.deepEqual(pair.a.events.closings, [{ link: pair.fromA, error: undefined }])
      assert.equal(pair.b.events.order.at(-1), 'closed')
    },
  },
  {
    name: 'ends both sides when the one that was dialled closes',
    test: async subject => {
      const pair = await linked(subject)
      await pair.fromB.close()
      await bothClosed(pair)
      assert.deepEqual(pair.a.events.closings, [{ link: pair.fromA, error: undefined }])
    },
  },
  {
    name: 'closes once, however often it is told to',
    test: async subject => {
      const pair = await linked(subject)
      await Promise.all([pair.fromA.close(), pair.fromA.close(), pair.fromB.close()])
      await bothClosed(pair)
      await pair.fromA.close()
      assert.deepEqual([pair.a.events.closings.length, pair.b.events.closings.length], [1, 1])
    },
  },
  {
    name: 'takes nothing on a closed link, and lets nobody wait for room there',
    test: async subject => {
      const pair = await linked(subject)
      await pair.fromA.close()
      await bothClosed(pair)
      for (const link of [pair.fromA, pair.fromB]) {
        assert.equal(link.send(frameOf(1)), false)
        await refuses('TRANSPORT_LINK_LOST', link.drained(never()))
      }
    },
  },
  {
    name: 'fails to dial where nobody listens',
    test: async subject => {
      const { a, b } = await linked(subject)
      await b.stop()
      await refuses('TRANSPORT_UNREACHABLE', a.transport.dial(b.address, new Events(), never()))
    },
  },
  {
    name: 'fails to dial when another node answers, and opens no link then',
    test: async subject => {
      const { a, b } = await linked(subject)
      const events = new Events()
      await refuses('TRANSPORT_UNREACHABLE', a.transport.dial({ ...b.address, nodeId: 'node-c' }, events, never()))
      assert.deepEqual(events.order, [])
    },
  },
  {
    name: 'fails to dial before it has started and after it has stopped',
    test: async subject => {
      const b = await serving(subject, 'node-b')
      const early = await subject.node('node-a')
      await refuses('TRANSPORT_UNREACHABLE', early.transport.dial(b.address, new Events(), never()))
      const late = await serving(subject, 'node-c')
      await late.stop()
      await refuses('TRANSPORT_UNREACHABLE', late.transport.dial(b.address, late.events, never()))
      assert.deepEqual(b.events.order, [])
    },
  },
  {
    name: 'gives up dialling when its signal aborts',
    test: async subject => {
      const { a, b } = await linked(subject)
      const events = new Events()
      await assert.rejects(a.transport.dial(b.address, events, AbortSignal.abort(new Error('left before'))), /left before/)
      const left = new AbortController()
      const dial = a.transport.dial(b.address, events, left.signal)
      left.abort(new Error('left'))
      await assert.rejects(dial, /left/)
      assert.deepEqual(events.order, [])
    },
  },
  {
    name: 'closes every link when it stops',
    test: async subject => {
      const pair = await linked(subject)
      await pair.a.transport.dial(pair.b.address, pair.a.events, never())
      await pair.b.events.until(() => pair.b.events.openings.length === 2)
      await pair.b.stop()
      await Promise.all([pair.a, pair.b].map(node => node.events.until(() => node.events.closings.length === 2)))
      await pair.b.stop()
    },
  },
  {
    name: 'reports a peer that vanishes as an error, and lets nobody wait for it',
    ability: 'vanish',
    test: async subject => {
      const pair = await linked(subject)
      const frame = new Uint8Array(Math.min(64 * 1024, subject.largestFrame))
      const sending = async (): Promise<void> => {
        for (;;) await sendAll(pair.fromA, [frame])
      }
      const wait = refuses('TRANSPORT_LINK_LOST', sending())
      await pair.b.vanish?.()
      await wait
      await pair.a.events.until(() => pair.a.events.closings.length > 0)
      assert.ok(pair.a.events.closings[0]?.error, 'closed without an error')
      assert.equal(pair.fromA.send(frame), false)
    },
  },
  {
    name: 'reports a peer that has stopped as an error, though its connections stay',
    ability: 'stall',
    test: async subject => {
      const pair = await linked(subject)
      await sendAll(pair.fromA, [frameOf(1)])
      await pair.b.events.until(() => pair.b.events.frames.length > 0)
      await pair.b.stall?.()
      await pair.a.events.until(() => pair.a.events.closings.length > 0)
      assert.ok(pair.a.events.closings[0]?.error, 'closed without an error')
      assert.equal(pair.fromA.send(frameOf(1)), false)
    },
  },
  {
    name: 'has a name and a driver, in words of lower-case letters, digits and dashes',
    test: async subject => {
      const { transport } = await serving(subject, 'node-a')
      for (const word of [transport.name, transport.driver]) assert.match(word, /^[a-z][a-z0-9-]*$/)
    },
  },
]
