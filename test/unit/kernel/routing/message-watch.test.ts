import { setMaxListeners } from 'node:events'
import { expect } from 'chai'
import type { WatchMessagesResponse } from '../../../../kernel/contract/index.js'
import { encodeFrame } from '../../../../kernel/routing/frames/frame.js'
import { MessageWatch } from '../../../../kernel/routing/message-watch.js'
import { settled, VirtualClock } from '../../../support/virtual-clock.js'

const message = (sender: number, receiver: number): Uint8Array => encodeFrame({
  act: 'inform', receiver: { handle: receiver, generation: 1 }, sender: { handle: sender, generation: 1 }, fields: {},
  content: new Uint8Array(0),
})

describe('the watch on messages', () => {
  let watch: MessageWatch
  let clock: VirtualClock
  let passed: number
  const show = (frame: Uint8Array, outcome: number, at = passed++): void => watch.show(frame, outcome, at)
  /** Long enough for what was shown to be handed out. */
  const wait = (): Promise<void> => clock.pass(30)
  let taps: boolean[]
  let leaving: AbortController
  let watching: Array<Promise<void>>
  const begin = (...agents: string[]): WatchMessagesResponse[] => {
    const seen: WatchMessagesResponse[] = []
    watching.push((async () => { for await (const one of watch.watch(agents, leaving.signal)) seen.push(one) })())
    return seen
  }

  beforeEach(() => {
    clock = new VirtualClock(5_000)
    passed = 0
    taps = []
    watching = []
    leaving = new AbortController()
    setMaxListeners(0, leaving.signal)
    watch = new MessageWatch(clock, handle => `agent-${handle}`, wanted => taps.push(wanted))
  })
  afterEach(async () => {
    leaving.abort()
    await Promise.all(watching)
  })

  it('turns the copying on for the first watcher and off with the last', async () => {
    show(message(2, 3), -1)
    begin()
    begin()
    await settled()
    expect([taps, watch.isWanted]).to.deep.equal([[true], true])
    leaving.abort()
    await Promise.all(watching)
    expect([taps, watch.isWanted]).to.deep.equal([[true, false], false])
  })

  it('shows each watcher what concerns the agents that it named', async () => {
    const [all, some] = [begin(), begin('agent-4')]
    await settled()
    show(message(2, 3), -1)
    show(message(2, 4), 2)
    show(message(4, 2), -1)
    await wait()
    expect(all.map(({ outcome }) => outcome)).to.deep.equal(['delivered', 'MAILBOX_FULL', 'delivered'])
    expect(some.map(one => one.message?.sender)).to.deep.equal(['agent-2', 'agent-4'])
    expect(all[0]).to.include({ at: 5_000n, priority: 'normal', delivery: 'at-most-once', expiresAt: 0n })
  })

  it('tells every watcher how many it was not shown, once', async () => {
    const [one, other] = [begin(), begin()]
    await settled()
    watch.skip(7)
    show(message(2, 3), -1)
    show(message(2, 3), -1)
    await wait()
    for (const seen of [one, other]) expect(seen.map(({ skipped }) => skipped)).to.deep.equal([7n, 0n])
  })

  it('counts for the slow watcher alone what came too fast for it', async () => {
    const slow = watch.watch([], leaving.signal)
    const first = slow.next()
    const quick = begin('agent-9')
    await settled()
    show(message(2, 9), -1)
    await wait()
    await first
    for (let count = 0; count < 1_500; count++) show(message(2, 3), -1)
    show(message(2, 9), -1)
    await wait()
    expect((await slow.next()).value?.skipped).to.equal(501n)
    expect(quick.map(({ skipped }) => skipped)).to.deep.equal([0n, 0n])
    await slow.return()
  })

  it('shows messages in the order in which they passed, whichever thread reported first', async () => {
    const seen = begin()
    await settled()
    show(message(4, 2), -1, 7.2)
    show(message(2, 4), -1, 7.1)
    await wait()
    expect(seen.map(one => one.message?.sender)).to.deep.equal(['agent-2', 'agent-4'])
  })

  it('takes no more than 64 watchers', async () => {
    for (let count = 0; count < 64; count++) begin()
    await settled()
    const error = await watch.watch([], leaving.signal).next().catch((cause: unknown) => cause)
    expect(error).to.have.property('code', 'TOO_MANY_WATCHERS')
  })
})
