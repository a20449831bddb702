import { expect } from 'chai'
import { HOST_CALLS, HOST_RESULTS } from '../../../../../kernel/contract/index.js'
import { AgentHost } from '../../../../../kernel/lifecycle/shards/agent-host.js'
import { ShardAgent } from '../../../../../kernel/lifecycle/shards/shard-agent.js'
import type { Notice } from '../../../../../kernel/lifecycle/shards/shard-control.js'
import { TimerHeap } from '../../../../../kernel/routing/timer-heap.js'

describe('what an agent makes known through its host', () => {
  let notices: Notice[]
  let agent: ShardAgent
  let host: AgentHost

  beforeEach(() => { begin(HOST_CALLS) })

  function begin (granted: typeof HOST_CALLS | readonly []): void {
    notices = []
    agent = new ShardAgent({
      handle: 20, generation: 1, slot: 0, name: 'seller', module: 'm', granted, mailboxMessages: 1, configuration: new Uint8Array(0),
      limits: { memoryBytes: 65_536, fuelPerMessage: 1_000, fuelPerStart: 1_000, messageBytes: 1_024 }, state: undefined, timers: [],
      stateVersion: 1, isShadow: false,
    }, undefined)
    host = new AgentHost(agent, {
      send: () => 0, lookup: () => 0n, setTimer: () => {}, cancelTimer: () => {}, log: () => {}, logLost: () => {},
      announce: (_, notice) => notices.push(notice),
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
  })

  it('is forgotten with the guest, so that the next one can say it again', () => {
    register({ name: 'sell' })
    host.subscribe('news')
    agent.discard(new TimerHeap())
    register({ name: 'sell' })
    host.subscribe('news')
    expect(notices).to.have.length(4)
  })
})
