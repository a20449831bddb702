import { expect } from 'chai'
import fc from 'fast-check'
import {
  ConversationKeeper, KEPT_CONVERSATIONS, type ConversationStates,
} from '../../../../../kernel/routing/conversations/conversation-keeper.js'
import type { ConversationPicture } from '../../../../../kernel/routing/conversations/conversation-picture.js'
import { conversationOf, conversationValue, type KeptConversation } from '../../../../../kernel/routing/conversations/kept-conversation.js'
import type { Change, Store } from '../../../../../kernel/contract/index.js'
import { memoryStore } from '../../../../support/hosting.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

const RUNS = { numRuns: process.env['CAXTON_TEST_LONG'] === '1' ? 20_000 : 500 }
const NAMES = new Map([[2, 'buyer'], [3, 'seller']])

const picture = (id: bigint, state = 'requested'): ConversationPicture => ({
  id, protocol: 'fipa-request', initiator: 2, priority: 1, opened: 10, active: 20, end: undefined,
  branches: [{ participant: 3, state, isOver: false, due: 99 }], participants: 1, transcript: [],
})

describe('the keeper of conversations', () => {
  let store: Store
  let clock: VirtualClock
  let log: RecordingLogger
  let commits: Array<readonly Change[]>
  let isBroken: boolean
  let keeper: ConversationKeeper
  const kept = async (home?: number): Promise<Array<readonly [string, KeptConversation]>> => {
    const all: Array<readonly [string, KeptConversation]> = []
    for await (const entry of keeper.kept(home)) all.push(entry)
    return all
  }

  beforeEach(async () => {
    const memory = memoryStore()
    await memory.migrate([{ version: 1, summary: 'test', creates: [KEPT_CONVERSATIONS] }])
    commits = []
    isBroken = false
    store = {
      migrate: migrations => memory.migrate(migrations), get: (collection, key) => memory.get(collection, key),
      scan: (collection, range) => memory.scan(collection, range), count: collection => memory.count(collection),
      commit: async changes => {
        commits.push(changes)
        if (isBroken) throw new Error('no disk')
        await memory.commit(changes)
      },
    }
    clock = new VirtualClock()
    log = new RecordingLogger()
    keeper = new ConversationKeeper(store, clock, log, handle => NAMES.get(handle))
  })
  afterEach(() => expect(clock.pending).to.equal(0))

  const ID = 0x01000000000000aan
  const states = (state: string): ConversationStates => ({ changed: [picture(ID, state)], gone: [] })
  const stateKept = async (): Promise<string | undefined> => (await kept())[0]?.[1].participants[0]?.state

  it('gives states away to a commit with others, and writes what comes later after that', async () => {
    keeper.keep(states('first'))
    const joint = keeper.join(states('joint'))
    keeper.keep(states('later'))
    await settled()
    expect(commits, 'only what was on its way before').to.have.length(1)
    await store.commit(joint.changes)
    expect(await stateKept()).to.equal('joint')
    joint.settled(true)
    await keeper.flush()
    expect([await stateKept(), commits.length]).to.deep.equal(['later', 3])
  })

  it('writes a state itself that another commit could not keep, unless there is a later one', async () => {
    const [one, other] = [keeper.join(states('joint')), keeper.join(states('second'))]
    one.settled(false)
    await settled()
    expect(commits, 'the other commit is under way').to.deep.equal([])
    other.settled(false)
    await keeper.flush()
    expect(await stateKept()).to.equal('second')
  })

  it('does not write a state again that failed when another commit has a newer one', async () => {
    isBroken = true
    keeper.keep(states('old'))
    const joint = keeper.join(states('joint'))
    await settled()
    isBroken = false
    await store.commit(joint.changes)
    joint.settled(true)
    clock.advance(1_000)
    await keeper.flush()
    expect(await stateKept()).to.equal('joint')
  })

  it('keeps the latest state of each under names, and none that ended', async () => {
    keeper.keep({ changed: [picture(0x01000000000000aan), picture(0x0200000000000001n)], gone: [] })
    keeper.keep({ changed: [picture(0x01000000000000aan, 'agreed')], gone: [0x0200000000000001n] })
    await keeper.flush()
    const participants = [{ name: 'seller', state: 'agreed', isOver: false, due: 99 }]
    expect(await kept()).to.deep.equal([
      ['01000000000000aa', { protocol: 'fipa-request', initiator: 'buyer', priority: 1, opened: 10, participants }],
    ])
  })

  it('writes one batch at a time, and of what changes meanwhile only the latest', async () => {
    for (let count = 0; count < 10; count++) keeper.keep({ changed: [picture(1n, `state-${count}`)], gone: [] })
    await keeper.flush()
    expect(commits).to.have.length(2)
    expect((await kept())[0]?.[1].participants[0]?.state).to.equal('state-9')
  })

  it('finds those of one home', async () => {
    const ids = [0x00ff000000000001n, 0x0100000000000001n, 0x01ffffffffffffffn, 0x0200000000000001n, 0xff00000000000001n]
    keeper.keep({ changed: ids.map(id => picture(id)), gone: [] })
    await keeper.flush()
    expect((await kept(1)).map(([key]) => key)).to.deep.equal(['0100000000000001', '01ffffffffffffff'])
    expect((await kept(255)).map(([key]) => key)).to.deep.equal(['ff00000000000001'])
  })

  it('keeps nothing of those in which there is nobody to tell', async () => {
    keeper.keep({ changed: [{ ...picture(1n), branches: [] }, { ...picture(2n), initiator: 77 }], gone: [] })
    await keeper.flush()
    expect(commits).to.deep.equal([])
  })

  it('says when it can\'t write, and tries again', async () => {
    isBroken = true
    keeper.keep({ changed: [picture(1n)], gone: [] })
    await settled()
    expect(log.lines.map(({ message }) => message)).to.deep.equal(['open conversations could not be kept'])
    isBroken = false
    clock.advance(1_000)
    await keeper.flush()
    expect(await kept()).to.have.length(1)
  })

  it('does not wait for ever at the end when it can\'t write', async () => {
    isBroken = true
    keeper.keep({ changed: [picture(1n)], gone: [] })
    await keeper.flush()
    await keeper.flush()
  })

  it('forgets what it can\'t read', async () => {
    await store.commit([{ put: KEPT_CONVERSATIONS, key: '0100000000000001', value: Buffer.from('{}') }])
    expect(await kept()).to.deep.equal([])
    await keeper.flush()
    expect(await store.count(KEPT_CONVERSATIONS)).to.equal(0)
  })

  it('reads what was written, and nothing else', () => {
    const participant = fc.record({ name: fc.string(), state: fc.string(), isOver: fc.boolean(), due: fc.nat() })
    const conversation = fc.record({
      protocol: fc.string(), initiator: fc.string(), priority: fc.nat(3), opened: fc.nat(), participants: fc.array(participant),
    })
    fc.assert(fc.property(conversation, read => {
      expect(conversationOf(conversationValue(read))).to.deep.equal(read)
    }), RUNS)
    fc.assert(fc.property(fc.oneof(fc.uint8Array(), fc.json().map(text => Buffer.from(text))), bytes => {
      expect(conversationOf(bytes)).to.equal(undefined)
    }), RUNS)
  })
})
