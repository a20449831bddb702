import { expect } from 'chai'
import { ServerLink } from '../../../../plugins/tools-mcp/servers/server-link.js'
import type { ToolListing } from '../../../../plugins/tools-mcp/servers/server-session.js'
import { RecordingLogger } from '../../../support/recording-logger.js'
import { SeededRandom } from '../../../support/seeded-random.js'
import { definitionOf, FakeServer } from '../../../support/tools/fake-server.js'
import { settled, VirtualClock } from '../../../support/virtual-clock.js'

describe('a tool server that is looked after', () => {
  let clock: VirtualClock
  let server: FakeServer
  let log: RecordingLogger
  let listings: ToolListing[]
  let link: ServerLink

  beforeEach(() => {
    clock = new VirtualClock()
    server = new FakeServer()
    log = new RecordingLogger()
    listings = []
    link = new ServerLink({
      name: 'files', open: server.open, clock, random: new SeededRandom(1), log,
      rules: { startTimeout: 5_000, delay: 1_000, delayMax: 8_000, refresh: 60_000 },
      listed: async listing => { listings.push(listing) },
    })
  })
  afterEach(async () => {
    server.hangs = false
    await link.stop()
    expect(clock.pending).to.equal(0)
  })

  const start = async (): Promise<void> => {
    link.start()
    await settled()
  }

  it('is ready when it has said what it has', async () => {
    await start()
    expect({ state: link.state, revision: link.revision, listed: listings.length })
      .to.deep.equal({ state: 'ready', revision: '2026-07-28', listed: 1 })
  })

  it('is started again when it ends, later and later, up to a bound, and soon again after it ran for a while', async () => {
    await start()
    const waits: number[] = []
    server.isDown = true
    server.events?.closed()
    for (let count = 0; count < 6; count++) {
      const [before, began] = [server.opened, clock.elapsed()]
      while (server.opened === before) await clock.pass(10)
      waits.push(clock.elapsed() - began)
    }
    const bounds = [1_000, 2_000, 4_000, 8_000, 8_000, 8_000]
    for (const [index, most] of bounds.entries()) expect(waits[index]).to.be.within(most * 0.75 - 10, most + 10)
    expect([link.state, link.reason, link.restarts]).to.deep.equal(['waiting', 'nobody listens', 7])
    server.isDown = false
    await clock.pass(8_000)
    expect(link.state).to.equal('ready')
    await clock.pass(60_000)
    const opened = server.opened
    server.events?.closed()
    await clock.pass(1_000)
    expect(server.opened).to.equal(opened + 1)
  })

  it('is given up for this time when it says nothing', async () => {
    server.hangs = true
    await start()
    await clock.pass(4_999)
    expect(link.state).to.equal('starting')
    await clock.pass(1)
    expect([link.state, link.reason]).to.deep.equal(['waiting', 'it did not answer within 5000 ms'])
  })

  it('is asleep until somebody wants it, and started once however many do', async () => {
    const signal = new AbortController().signal
    await settled()
    expect([link.state, server.opened]).to.deep.equal(['asleep', 0])
    const sessions = await Promise.all([link.ready(signal), link.ready(signal)])
    expect([sessions[0] !== undefined, sessions[0] === sessions[1], server.opened]).to.deep.equal([true, true, 1])
  })

  it('has calls wait while it starts, and only then', async () => {
    const signal = new AbortController().signal
    const session = link.ready(signal)
    await start()
    expect(await session).not.to.equal(undefined)
    server.isDown = true
    server.events?.closed()
    expect(await link.ready(signal)).to.equal(undefined)
  })

  it('has no call wait longer than its caller does', async () => {
    server.hangs = true
    const caller = new AbortController()
    const session = link.ready(caller.signal)
    await start()
    caller.abort()
    expect(await session).to.equal(undefined)
  })

  it('is asked for its tools again after a while, or after as long as it says', async () => {
    await start()
    await clock.pass(59_999)
    expect(server.listed).to.equal(1)
    server.holds = 10_000
    await clock.pass(1)
    expect(server.listed).to.equal(2)
    await clock.pass(10_000)
    expect(server.listed).to.equal(3)
  })

  it('is asked soon when it says that they have changed, once however often it says so', async () => {
    await start()
    server.tools = [definitionOf('add'), definitionOf('multiply')]
    for (let count = 0; count < 100; count++) server.events?.changed()
    await clock.pass(1_000)
    expect(server.listed).to.equal(2)
    expect(listings.at(-1)?.tools).to.have.length(2)
    await clock.pass(30_000)
    expect(server.listed).to.equal(2)
  })

  it('is asked once more when they change while they are being asked for', async () => {
    await start()
    let go = (): void => {}
    server.waitsToList = new Promise(resolve => { go = resolve })
    server.events?.changed()
    await clock.pass(1_000)
    expect(server.listed).to.equal(2)
    server.events?.changed()
    go()
    await settled()
    server.waitsToList = undefined
    await clock.pass(1_000)
    expect(server.listed).to.equal(3)
  })

  it('is not asked more than once in a second, even when it never stops saying so', async () => {
    await start()
    for (let count = 0; count < 50; count++) {
      server.events?.changed()
      await clock.pass(100)
    }
    expect(server.listed).to.be.within(4, 6)
  })

  it('is left when it can\'t say what it has any more', async () => {
    await start()
    server.hangs = true
    server.events?.changed()
    await clock.pass(6_000)
    expect(link.state).to.equal('waiting')
    expect(server.closed).to.equal(1)
  })

  it('has only so many of its lines logged in a minute', async () => {
    await start()
    for (let count = 0; count < 500; count++) server.events?.said(`line ${count}`)
    expect(log.lines.filter(({ message }) => message === 'a tool server says')).to.have.length(100)
    await clock.pass(60_000)
    server.events?.said('another')
    expect(log.lines.filter(({ message }) => message === 'a tool server says')).to.have.length(101)
  })
})
