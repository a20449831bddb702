import assert from 'node:assert/strict'
import type { KitPromise } from '../runner.js'
import { frameOf, linked, never, refuses, same, sendAll, serving, type TransportSubject } from './subject.js'

const numbered = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => frameOf(i))

/** What becomes of frames. */
export const transportFramePromises: ReadonlyArray<KitPromise<TransportSubject>> = [
  {
    name: 'delivers frames whole and in order',
    test: async subject => {
      const { b, fromA } = await linked(subject)
      const frames = numbered(500)
      await sendAll(fromA, frames)
      await b.events.until(() => b.events.frames.length >= frames.length)
      same(b.events.frames.map(({ frame }) => frame), frames)
    },
  },
  {
    name: 'carries frames both ways over one link',
    test: async subject => {
      const { a, b, fromA, fromB } = await linked(subject)
      await Promise.all([sendAll(fromA, [frameOf(1)]), sendAll(fromB, [frameOf(2)])])
      await Promise.all([a.events.until(() => a.events.frames.length > 0), b.events.until(() => b.events.frames.length > 0)])
      same(b.events.frames.map(({ frame }) => frame), [frameOf(1)])
      same(a.events.frames.map(({ frame }) => frame), [frameOf(2)])
      assert.equal(a.events.frames[0]?.link, fromA)
      assert.equal(b.events.frames[0]?.link, fromB)
    },
  },
  {
    name: 'copies what it sends: the caller may reuse the bytes at once',
    test: async subject => {
      const { b, fromA } = await linked(subject)
      const reused = new Uint8Array(64)
      for (let i = 0; i < 20; i++) {
        reused.fill(i)
        if (!fromA.send(reused)) await sendAll(fromA, [reused])
      }
      reused.fill(0xff)
      await b.events.until(() => b.events.frames.length >= 20)
      same(b.events.frames.map(({ frame }) => frame), Array.from({ length: 20 }, (_, i) => new Uint8Array(64).fill(i)))
    },
  },
  {
    name: 'gives each frame to its receiver to keep and to change',
    test: async subject => {
      const { b, fromA } = await linked(subject)
      const frames = numbered(50)
      const isKept = (_: unknown, i: number): boolean => i % 2 === 1
      let count = 0
      b.events.onFrame = (_link, frame) => { if (!isKept(frame, count++)) frame.fill(0) }
      await sendAll(fromA, frames)
      await b.events.until(() => b.events.frames.length >= frames.length)
      same(b.events.frames.map(({ frame }) => frame).filter(isKept), frames.filter(isKept))
    },
  },
  {
    name: 'keeps the frames of several links between two nodes apart',
    test: async subject => {
      const { a, b, fromA } = await linked(subject)
      const second = await a.transport.dial(b.address, a.events, never())
      await b.events.until(() => b.events.openings.length === 2)
      await sendAll(fromA, [frameOf(1)])
      await sendAll(second, [frameOf(2)])
      await b.events.until(() => b.events.frames.length === 2)
      for (const [index, link] of b.events.openings.entries()) {
        same(b.events.frames.filter(each => each.link === link).map(({ frame }) => frame), [frameOf(index + 1)])
      }
    },
  },
  {
    name: 'carries the largest frame',
    test: async subject => {
      const { b, fromA } = await linked(subject)
      const frame = frameOf(7, subject.largestFrame)
      await sendAll(fromA, [frame])
      await b.events.until(() => b.events.frames.length > 0)
      same(b.events.frames.map(each => each.frame), [frame])
    },
  },
  {
    name: 'refuses a larger frame and keeps the link',
    test: async subject => {
      const { b, fromA } = await linked(subject)
      const send = async (): Promise<void> => { fromA.send(new Uint8Array(subject.largestFrame + 1)) }
      await refuses('TRANSPORT_FRAME_TOO_LARGE', send())
      await sendAll(fromA, [frameOf(1)])
      await b.events.until(() => b.events.frames.length > 0)
      same(b.events.frames.map(({ frame }) => frame), [frameOf(1)])
    },
  },
  {
    name: 'slows a writer that is faster than its reader, and loses nothing of what it took',
    test: async subject => {
      const { b, fromA } = await linked(subject)
      const frame = new Uint8Array(Math.min(64 * 1024, subject.largestFrame))
      const taken: Uint8Array[] = []
      for (let i = 0; i < 2000; i++) {
        frame.fill(i)
        if (!fromA.send(frame)) break
        taken.push(frame.slice())
      }
      assert.ok(taken.length < 2000, 'the queue of the link has no bound')
      await fromA.drained(never())
      assert.equal(fromA.send(frameOf(1)), true, 'after drained there is room')
      await b.events.until(() => b.events.frames.length > taken.length)
      same(b.events.frames.map(each => each.frame), [...taken, frameOf(1)])
    },
  },
  {
    name: 'ends the wait for room when its signal aborts',
    test: async subject => {
      const { fromA } = await linked(subject)
      const frame = new Uint8Array(Math.min(64 * 1024, subject.largestFrame))
      for (let i = 0; i < 2000; i++) if (!fromA.send(frame)) break
      const left = new AbortController()
      const wait = fromA.drained(left.signal)
      left.abort(new Error('left'))
      await assert.rejects(wait, /left/)
      await assert.rejects(fromA.drained(AbortSignal.abort(new Error('left before'))), /left before/)
    },
  },
  {
    name: 'may be called from inside its own events',
    test: async subject => {
      const { a, b, fromA } = await linked(subject)
      b.events.onFrame = (link, frame) => { link.send(frame) }
      a.events.onFrame = link => { void link.close() }
      await sendAll(fromA, [frameOf(3)])
      await Promise.all([a.events.until(() => a.events.closings.length > 0), b.events.until(() => b.events.closings.length > 0)])
      same(a.events.frames.map(({ frame }) => frame), [frameOf(3)])
    },
  },
  {
    name: 'opens links both ways between the same two nodes',
    test: async subject => {
      const [a, b] = [await serving(subject, 'node-a'), await serving(subject, 'node-b')]
      await Promise.all([a.transport.dial(b.address, a.events, never()), b.transport.dial(a.address, b.events, never())])
      await Promise.all([a, b].map(node => node.events.until(() => node.events.openings.length === 2)))
      assert.deepEqual(a.events.openings.map(link => link.nodeId), ['node-b', 'node-b'])
    },
  },
  {
    name: 'loses and mixes nothing under load both ways, the largest frames among small ones',
    test: async subject => {
      const { a, b, fromA, fromB } = await linked(subject)
      const load = Array.from({ length: 600 }, (_, i) => i % 60 === 30 ? frameOf(i, subject.largestFrame) : frameOf(i))
      await Promise.all([sendAll(fromA, load), sendAll(fromB, load)])
      await Promise.all([a, b].map(node => node.events.until(() => node.events.frames.length >= load.length)))
      for (const node of [a, b]) same(node.events.frames.map(({ frame }) => frame), load)
    },
  },
]
