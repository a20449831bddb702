import { expect } from 'chai'
import { Directory } from '../../../../../kernel/routing/directory/directory.js'
import { CONDITION, RouteTable, routeTableBuffer } from '../../../../../kernel/routing/directory/route-table.js'
import { encodeFrame, type FrameDraft } from '../../../../../kernel/routing/frames/frame.js'
import { MessagePolicy } from '../../../../../kernel/routing/permissions/message-policy.js'
import { PolicyBook } from '../../../../../kernel/routing/permissions/policy-book.js'
import { RemoteAgents } from '../../../../../kernel/routing/remote/remote-agents.js'
import { decodeSettled, HOME, RemoteMessageReader, RemoteMessageWriter } from '../../../../../kernel/routing/remote/remote-message.js'
import { RemotePost } from '../../../../../kernel/routing/remote/remote-post.js'
import { UNDELIVERABLE } from '../../../../../kernel/routing/undeliverable.js'
import { contentOf } from '../../../../support/routing-scene.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'
import { decodeFrame } from '../../../../../kernel/routing/frames/frame.js'

const NOBODY = { handle: 0, generation: 0 }

describe('a message from another node that the policy of this one does not let in', () => {
  let delivered: number
  let sent: Uint8Array[]
  let post: RemotePost

  beforeEach(() => {
    delivered = 0
    sent = []
    const routes = new RouteTable(routeTableBuffer())
    const directory = new Directory(routes, () => {})
    const agents = new RemoteAgents(directory, { add: () => {}, remove: () => {}, gone: () => {} }, () => 0)
    const book = new PolicyBook(directory)
    directory.entered = (handle, name) => { book.entered(handle, name) }
    book.adopt({ otherwise: 'deny', rules: [{ from: ['shop-*'], to: ['bank'], acts: ['request'], effect: 'allow', rate: 0 }] })
    const policy = book.tables === undefined ? undefined : new MessagePolicy(book.tables, () => 0)
    for (const name of ['bank', 'clerk']) directory.place(directory.enter(name)?.handle ?? 0, 1, 0, CONDITION.running)
    post = new RemotePost({
      self: 'here', agents, directory, clock: new VirtualClock(), log: new RecordingLogger(), claimOf: () => 0, policy: () => policy,
      post: { arrive: () => { delivered += 1 }, forward: () => { delivered += 1; return undefined }, bounce: () => {} },
      arrivals: { arrive: () => { delivered += 1 } }, outcomes: { settle: () => {} },
      send: (_, bytes) => sent.push(bytes.slice()) > 0,
    })
  })

  function arrive (sender: string, receiver: string, more: Partial<FrameDraft> = {}): void {
    const frame = encodeFrame({ act: 'request', receiver: NOBODY, sender: NOBODY, fields: {}, content: new Uint8Array(0), ...more })
    post.arrive('north', new RemoteMessageWriter().write({ sender, receiver, home: HOME.none, isRelayed: false, frame }))
  }

  it('comes back as a failure, and is counted; what is allowed, and what callers say, comes in', () => {
    arrive('shop-1', 'bank')
    arrive('caller', 'clerk')
    expect([delivered, sent.length]).to.deep.equal([2, 0])
    arrive('shop-1', 'clerk')
    arrive('thief', 'bank')
    arrive('shop-1', 'bank', { act: 'inform' })
    expect([delivered, sent.length, post.figures.forbidden]).to.deep.equal([2, 3, 3])
    const answer = new RemoteMessageReader().read(sent[0] ?? new Uint8Array(0))
    expect(answer).to.include({ sender: 'clerk', receiver: 'shop-1' })
    expect(contentOf(decodeFrame(answer?.frame ?? new Uint8Array(0)))['code']).to.equal('MESSAGE_FORBIDDEN')
  })

  it('is settled for good where it was to be kept', () => {
    arrive('thief', 'bank', { delivery: 1 })
    expect(decodeSettled(sent[0] ?? new Uint8Array(0))?.outcome).to.equal(UNDELIVERABLE.indexOf('MESSAGE_FORBIDDEN'))
    expect(delivered).to.equal(0)
  })
})
