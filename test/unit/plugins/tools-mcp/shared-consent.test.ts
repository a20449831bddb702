import { expect } from 'chai'
import fc from 'fast-check'
import { PinBook, PINS } from '../../../../plugins/tools-mcp/definitions/pin-book.js'
import { GrantBook, GRANTS } from '../../../../plugins/tools-mcp/grants/grant-book.js'
import { RecordChanges } from '../../../../plugins/tools-mcp/record-changes.js'
import { SharedConsent } from '../../../../plugins/tools-mcp/shared-consent.js'
import { memoryStore } from '../../../support/hosting.js'
import { SharingNodes } from '../../../support/sharing-nodes.js'
import { definitionOf } from '../../../support/tools/fake-server.js'
import { labToolServer } from '../../../support/tools/lab-server.js'
import { ToolHost } from '../../../support/tools/tool-host.js'
import { settled, VirtualClock } from '../../../support/virtual-clock.js'

const RUNS = process.env['CAXTON_TEST_LONG'] === '1' ? 5_000 : 60
const SEED = Number(process.env['CAXTON_TEST_SEED'] ?? '1')
const TOOLS = ['shop.buy', 'shop.sell']
const DEFINITIONS = [definitionOf('buy', 'Buys.'), definitionOf('buy', 'Buys, and tells.'), definitionOf('buy', 'Buys twice.')]

/** What operators say on one node, without the node. */
class Desk {
  readonly clock = new VirtualClock()
  readonly changes = new RecordChanges()
  readonly grants: GrantBook
  readonly pins: PinBook
  readonly shared: SharedConsent

  constructor (private readonly store = memoryStore()) {
    this.grants = new GrantBook(store, this.clock, this.changes)
    this.pins = new PinBook(store, this.clock, 'changed', this.changes)
    this.shared = new SharedConsent({ grants: this.grants, pins: this.pins, changes: this.changes, seen: () => undefined })
  }

  async load (): Promise<this> {
    await this.store.migrate([{ version: 1, summary: 'All.', creates: [GRANTS, PINS] }])
    await this.grants.load({})
    await this.pins.load()
    return this
  }

  /** What this desk would be after a restart. */
  again (): Promise<Desk> {
    return new Desk(this.store).load()
  }

  digest (): string {
    return Buffer.from(this.shared.digest()).toString('hex')
  }

  may (tool: string): boolean {
    return this.grants.decide('clerk', tool, {}).allowed
  }
}

/** Something that happens on one of three nodes: an operator says something, or it learns what another knows, or knew earlier. */
const happenings = fc.array(fc.tuple(
  fc.nat({ max: 2 }), fc.constantFrom('grant', 'revoke', 'approve', 'learn', 'note', 'wait'), fc.nat({ max: 5 }),
), { maxLength: 30 })

describe('what operators of several nodes say of tools', () => {
  let desks: Desk[]
  let notes: Uint8Array[]

  const at = (node: number): Desk => desks[node] ?? expect.fail()
  const learn = (node: number, from: number): Promise<void> => at(node).shared.merge(at(from).shared.contents())
  const learnAll = async (): Promise<void> => {
    for (const [node, from] of [[0, 1], [0, 2], [1, 0], [2, 0]] as const) await learn(node, from)
  }
  const begin = async (): Promise<void> => {
    desks = await Promise.all([0, 1, 2].map(() => new Desk().load()))
    notes = []
  }

  async function happen (node: number, what: string, more: number): Promise<void> {
    const { grants, pins, clock } = at(node)
    const tool = TOOLS[more % TOOLS.length] ?? ''
    const note = notes[more]
    if (what === 'grant') await grants.grant('clerk', tool, [], `operator-${node}`)
    else if (what === 'revoke') await grants.revoke('clerk', tool, `operator-${node}`)
    else if (what === 'approve') await pins.agree('shop.buy', DEFINITIONS[more % 3] ?? expect.fail(), `operator-${node}`)
    else if (what === 'learn') await learn(node, more % 3)
    else if (what === 'wait') await clock.pass(1_000)
    else if (note === undefined) notes.push(at(node).shared.contents())
    else await at(node).shared.merge(note)
  }

  const happenAll = async (happened: ReadonlyArray<readonly [number, string, number]>): Promise<void> => {
    for (const each of happened) {
      await happen(...each).catch((error: unknown) => expect(error).to.have.property('code', 'TOOL_GRANT_NOT_FOUND'))
    }
  }

  it('is the same on all of them when all have learnt, whatever happened before, and stays so over restarts', async () => {
    await fc.assert(fc.asyncProperty(happenings, async happened => {
      await begin()
      await happenAll(happened)
      await learnAll()
      expect(new Set(desks.map(desk => desk.digest())).size).to.equal(1)
      for (const desk of desks) expect((await desk.again()).digest()).to.equal(desk.digest())
    }), { numRuns: RUNS, seed: SEED })
  })

  it('ends a grant for good when it was revoked on one that knew of it, whoever learns what when, also what was long ago', async () => {
    await fc.assert(fc.asyncProperty(happenings, happenings, fc.nat({ max: 2 }), async (before, after, node) => {
      await begin()
      await happenAll(before)
      await learnAll()
      if (!at(node).may('shop.buy')) await at(node).grants.grant('clerk', 'shop.buy', [], 'ada')
      await at(node).grants.revoke('clerk', 'shop.buy', 'ada')
      await happenAll(after.filter(([, what, more]) => what !== 'grant' || more % 2 !== 0))
      await learnAll()
      expect(desks.map(desk => desk.may('shop.buy'))).to.deep.equal([false, false, false])
    }), { numRuns: RUNS, seed: SEED })
  })

  it('grants again what was revoked before', async () => {
    await begin()
    await at(0).grants.grant('clerk', 'shop.buy', [], 'ada')
    await learn(1, 0)
    await at(1).grants.revoke('clerk', 'shop.buy', 'bob')
    await learn(0, 1)
    await at(0).grants.grant('clerk', 'shop.buy', [], 'ada')
    await learn(1, 0)
    expect([at(0).may('shop.buy'), at(1).may('shop.buy')]).to.deep.equal([true, true])
  })

  it('agrees to the same definition everywhere, also where another was seen first', async () => {
    await begin()
    const [first, second] = [DEFINITIONS[0] ?? expect.fail(), DEFINITIONS[1] ?? expect.fail()]
    for (const desk of desks) await desk.pins.seen('shop', [first])
    await at(1).pins.agree('shop.buy', second, 'ada')
    await learnAll()
    for (const { pins } of desks) {
      expect([pins.consentTo('shop.buy', first), pins.consentTo('shop.buy', second)]).to.deep.equal(['changed', 'agreed'])
    }
  })

  it('remembers the newest of very many revocations, and the same ones on every node', async () => {
    await begin()
    const contents = (from: number): Uint8Array => Buffer.from(JSON.stringify({
      approvals: [],
      grants: Array.from({ length: 6_000 }, (_, index) => from + index)
        .map(at => ({ key: at.toString(16).padStart(64, '0'), version: 2, at, by: '' })),
    }))
    for (const from of [0, 6_000]) await at(0).shared.merge(contents(from))
    for (const from of [6_000, 0]) await at(1).shared.merge(contents(from))
    expect([at(0).grants.shared().length, at(1).digest()]).to.deep.equal([10_000, at(0).digest()])
    expect((await at(0).again()).digest()).to.equal(at(0).digest())
  })

  it('is not taken from what makes no sense', async () => {
    await begin()
    await at(0).grants.grant('clerk', 'shop.buy', [], 'ada')
    const before = at(0).digest()
    const grant = JSON.stringify(at(0).grants.shared()
      .map(({ key, version }) => ({ key, version: version + 2, at: 1, by: '', agents: '*', tools: '*', rules: [] })))
    const wrong = [
      '', 'null', '{}', '{"grants":[],"approvals":[{}]}', '{"grants":[7],"approvals":[]}', `{"grants":${grant},"approvals":[]}`,
      '{"grants":[],"approvals":[{"tool":"shop.buy","hash":"x","version":1,"at":1,"by":""}]}',
      `{"grants":[{"key":"${'a'.repeat(64)}","version":1e300,"at":1,"by":""}],"approvals":[]}`,
    ]
    for (const text of wrong) {
      expect(await at(0).shared.merge(Buffer.from(text)).catch((caught: unknown) => caught), text).to.be.instanceOf(Error)
    }
    await fc.assert(fc.asyncProperty(fc.jsonValue(), async value => {
      await at(0).shared.merge(Buffer.from(JSON.stringify({ grants: [value], approvals: [value] }))).catch(() => {})
    }), { numRuns: RUNS, seed: SEED })
    expect(at(0).digest()).to.equal(before)
  })

  it('reaches the agents of another node by itself, as long as the node stands', async () => {
    const nodes = new SharingNodes<SharedConsent>('tools-mcp')
    const hosts = [0, 1].map(() => new ToolHost({}, { grants: {} }, [{ instance: 'lab', service: labToolServer }]))
    const [one, other] = [hosts[0] ?? expect.fail(), hosts[1] ?? expect.fail()]
    for (const host of hosts) await host.start()
    hosts.forEach(({ tools }, index) => nodes.add(`node-${index}`, tools.shared))
    try {
      await nodes.start()
      expect(await other.said('lab.echo', { text: 'hi' })).to.equal('TOOL_NOT_GRANTED')
      await one.tools.grants.grant('clerk', 'lab.*', [], 'ada')
      await settled()
      expect(await other.said('lab.echo', { text: 'hi' })).to.equal('hi')
      await other.tools.grants.revoke('clerk', 'lab.*', 'ada')
      await settled()
      expect(await one.said('lab.echo', { text: 'hi' })).to.equal('TOOL_NOT_GRANTED')
    } finally {
      nodes.stop()
      for (const { tools } of hosts) await tools.stop()
    }
  })
})
