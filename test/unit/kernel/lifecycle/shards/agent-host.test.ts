import { expect } from 'chai'
import { HOST_CALLS, HOST_RESULTS } from '../../../../../kernel/contract/index.js'
import { AgentHost } from '../../../../../kernel/lifecycle/shards/agent-host.js'
import { ShardAgent } from '../../../../../kernel/lifecycle/shards/shard-agent.js'
import type { Notice } from '../../../../../kernel/lifecycle/shards/shard-control.js'
import { readRegistration } from '../../../../../kernel/routing/capabilities/capability-description.js'
import { NameTable } from '../../../../../kernel/routing/directory/name-table.js'
import { encodeFrame } from '../../../../../kernel/routing/frames/frame.js'
import type { AgentScopes } from '../../../../../kernel/routing/permissions/agent-scopes.js'
import { TimerHeap } from '../../../../../kernel/routing/timer-heap.js'

const NOBODY = { handle: 0, generation: 0 }
const WIDE: AgentScopes = { send: undefined, publish: undefined, subscribe: undefined, call: undefined }

describe('what an agent makes known through its host', () => {
  let notices: Notice[]
  let logged: string[]
  let denied: number
  let called: number
  let agent: ShardAgent
  let host: AgentHost

  beforeEach(() => { begin(HOST_CALLS) })

  function begin (granted: typeof HOST_CALLS | readonly [], scopes?: Partial<AgentScopes>): void {
    denied = 0
    called = 0
    notices = []
    logged = []
    agent = new ShardAgent({
      handle: 20, generation: 1, slot: 0, name: 'seller', module: 'm', granted, mailboxMessages: 1, configuration: new Uint8Array(0),
      limits: { memoryBytes: 65_536, fuelPerMessage: 1_000, fuelPerStart: 1_000, messageBytes: 1_024 }, state: undefined, timers: [],
      stateVersion: 1, isShadow: false, messageRate: 0, logLines: 3, scopes: scopes === undefined ? undefined : { ...WIDE, ...scopes },
    }, undefined, new NameTable())
    host = new AgentHost(agent, {
      send: () => 0, call: () => called++ * 0, lookup: () => 0n, registration: readRegistration, setTimer: () => {},
      cancelTimer: () => {}, logLost: () => {},
      log: (_, __, text) => logged.push(text),
      announce: (_, notice) => notices.push(notice),
      denied: () => { denied += 1 },
    })
  }

  const register = (value: unknown): number => host.register(JSON.stringify(value))

  it('is what it offers, each change once', () => {
    expect([{ name: 'sell' }, { name: 'sell' }, { name: 'sell', version: '2' }].map(register)).to.deep.equal([0, 0, 0])
    expect(notices.map(notice => notice.kind === 'offers' ? notice.capability.version : notice.kind)).to.deep.equal(['1.0.0', '2.0.0'])
  })

  it('is that it offers something no more, after which it may offer it again', () => {
    expect([{ name: 'sell' }, { withdraw: 'sell' }, { withdraw: 'sell' }, { name: 'sell' }].map(register)).to.deep.equal([0, 0, 0, 0])
    expect(notices.map(({ kind }) => kind)).to.deep.equal(['offers', 'withdraws', 'offers'])
  })

  it('is which topics it wants to hear of, and no more with a minus before them', () => {
    expect(['news.#', 'news.#', '-news.#', '-news.#', '-other'].map(topic => host.subscribe(topic))).to.deep.equal([0, 0, 0, 0, 0])
    expect(notices).to.deep.equal([{ kind: 'subscribes', topic: 'news.#' }, { kind: 'unsubscribes', topic: 'news.#' }])
  })

  it('is refused where it is malformed', () => {
    expect([host.register('{'), register({ name: '' }), host.subscribe('a..b'), host.subscribe('-'), host.subscribe('--a')])
      .to.deep.equal(Array(5).fill(HOST_RESULTS.malformed))
    expect(register({ name: 'a', description: 'x'.repeat(5_000) })).to.equal(HOST_RESULTS.tooLarge)
    expect(notices).to.deep.equal([])
  })

  it('is bounded in number and in a second', () => {
    for (let index = 0; index < 32; index++) expect(host.subscribe(`t${index}`)).to.equal(HOST_RESULTS.ok)
    for (let index = 0; index < 40; index++) register({ name: `c${index}` })
    expect(notices).to.have.length.within(64, 72)
    agent.second = -1
    for (let index = 32; index < 64; index++) host.subscribe(`t${index}`)
    agent.second = -1
    expect(host.subscribe('one.too.many')).to.equal(HOST_RESULTS.quota)
  })

  it('needs a permission', () => {
    begin([])
    expect([register({ name: 'sell' }), host.subscribe('news')]).to.deep.equal([HOST_RESULTS.denied, HOST_RESULTS.denied])
    expect(denied).to.equal(2)
  })

  it('is only topics that it may subscribe to', () => {
    begin(HOST_CALLS, { subscribe: ['news.#', 'prices.*'] })
    const topics = ['news', 'news.a.b', 'prices.gold', 'prices.*', 'prices.#', '#', 'prices.gold.old', '-other']
    const { ok, denied: no } = HOST_RESULTS
    expect(topics.map(topic => host.subscribe(topic))).to.deep.equal([ok, ok, ok, ok, no, no, no, no])
    expect(denied).to.equal(4)
  })

  it('is forgotten with the guest, so that the next one can say it again', () => {
    register({ name: 'sell' })
    host.subscribe('news')
    agent.discard(new TimerHeap())
    register({ name: 'sell' })
    host.subscribe('news')
    expect(notices).to.have.length(4)
  })

  it('is logged as often in a second as it may log', () => {
    for (const text of ['a', 'b', 'c', 'd']) host.log(1, text)
    expect(logged).to.deep.equal(['a', 'b', 'c'])
  })

  it('are calls of the tools that it may call', () => {
    begin(HOST_CALLS, { call: ['ledger', 'bank-*'] })
    const call = (to: string): number => {
      const frame = encodeFrame({ act: 'request', receiver: NOBODY, sender: NOBODY, fields: { to }, content: new Uint8Array(0) })
      return host.call(frame, 0, frame.length)
    }
    const { ok, denied: no, malformed } = HOST_RESULTS
    expect(['ledger', 'bank-1', 'ledger-2', 'vault'].map(call)).to.deep.equal([ok, ok, no, no])
    expect(called).to.deep.equal(2)
    expect(host.call(new Uint8Array(8), 0, 8)).to.equal(malformed)
    const other = encodeFrame({ act: 'inform', receiver: NOBODY, sender: NOBODY, fields: { to: 'ledger' }, content: new Uint8Array(0) })
    expect(host.call(other, 0, other.length)).to.equal(malformed)
    expect(denied).to.equal(2)
  })
})
