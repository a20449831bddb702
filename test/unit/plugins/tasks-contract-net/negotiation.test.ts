import { expect } from 'chai'
import { AgentNotFound } from '../../../../kernel/routing/routing-errors.js'
import type { Act, Exchange, Heard, Saying } from '../../../../kernel/contract/index.js'
import { choiceOf } from '../../../../plugins/tasks-contract-net/best-proposals.js'
import { Negotiation, type TaskEvent } from '../../../../plugins/tasks-contract-net/negotiation.js'

const bytes = (content: unknown): Uint8Array => Buffer.from(JSON.stringify(content))

type Answers = Partial<Record<Act, readonly [Act, unknown, 'platform'?] | 'gone'>>

/** Bidders who answer at once, as a test says: what each says to what act. */
class Bidders implements Exchange {
  readonly conversationId = 'c1'
  readonly said: Array<readonly [Act, string, number]> = []
  readonly #heard: Heard[] = []

  constructor (private readonly answers: Readonly<Record<string, Answers>>) {}

  say ({ act, to, replyBy = 0 }: Saying): void {
    const answer = this.answers[to]?.[act]
    if (answer === 'gone') throw AgentNotFound({ name: to })
    this.said.push([act, to, replyBy])
    if (answer === undefined) return
    const [said, content, by] = answer
    this.#heard.push({ from: to, act: said, content: bytes(content), mediaType: 'application/json', byPlatform: by === 'platform' })
  }

  async * heard (signal: AbortSignal): AsyncGenerator<Heard, void, undefined> {
    for (let next = this.#heard.shift(); next !== undefined; next = this.#heard.shift()) {
      signal.throwIfAborted()
      yield next
    }
  }

  close (): void {}
}

const good = (price: number) =>
  ({ 'cfp': ['propose', { price }] as const, 'accept-proposal': ['inform', { done: true }] as const })

const begin = (bidders: Bidders, names: readonly string[], awards = 1): Negotiation => new Negotiation(bidders, {
  bidders: names, content: bytes('task'), mediaType: '', proposeBy: 2_000, deliverBy: () => 9_000, awards, choice: choiceOf(''),
}, new AbortController().signal)

async function negotiate (
  bidders: Bidders, names: readonly string[], awards = 1,
): Promise<{ events: TaskEvent[], negotiation: Negotiation }> {
  const negotiation = begin(bidders, names, awards)
  const events: TaskEvent[] = []
  for await (const event of negotiation.run()) events.push(event)
  return { events, negotiation }
}

const shown = (events: readonly TaskEvent[]): string[] =>
  events.map(({ event, agent, reason }) => `${agent} ${event}${reason === undefined ? '' : ` ${reason}`}`)

describe('A negotiation', () => {
  it('awards the task to the cheapest, and tells the others', async () => {
    const bidders = new Bidders({ ann: good(7), bob: good(5), eve: { cfp: ['refuse', 'busy'] } })
    const { events, negotiation } = await negotiate(bidders, ['ann', 'bob', 'eve'])
    expect(shown(events)).to.deep.equal([
      'ann called', 'bob called', 'eve called', 'ann proposed', 'bob proposed', 'eve refused',
      'bob awarded', 'ann rejected', 'bob delivered',
    ])
    expect(negotiation.outcome).to.deep.equal({ called: 3, proposed: 2, refused: 1, awarded: 1, delivered: ['bob'], failed: [] })
    expect(bidders.said).to.deep.equal([
      ['cfp', 'ann', 2_000], ['cfp', 'bob', 2_000], ['cfp', 'eve', 2_000],
      ['accept-proposal', 'bob', 9_000], ['reject-proposal', 'ann', 0],
    ])
  })

  it('calls everybody before anything is told, and awards to all before anything is told, however slow the listener is', async () => {
    const bidders = new Bidders({ ann: good(7), bob: good(5) })
    const events = begin(bidders, ['ann', 'bob']).run()
    expect([(await events.next()).value?.event, bidders.said.length]).to.deep.equal(['called', 2])
    for (let heard = 0; heard < 3; heard++) await events.next()
    expect([(await events.next()).value?.event, bidders.said.length]).to.deep.equal(['awarded', 4])
  })

  it('takes silence, failure and absence for refusals, and says why', async () => {
    const bidders = new Bidders({
      ann: { cfp: 'gone' }, bob: { cfp: ['refuse', { code: 'DEADLINE_PASSED' }, 'platform'] },
      eve: { cfp: ['failure', { code: 'AGENT_TRAPPED' }, 'platform'] },
    })
    const { events, negotiation } = await negotiate(bidders, ['ann', 'bob', 'eve'])
    expect(shown(events)).to.deep.equal([
      'ann failed AGENT_NOT_FOUND', 'bob called', 'eve called', 'bob refused DEADLINE_PASSED', 'eve failed AGENT_TRAPPED',
    ])
    expect(negotiation.outcome).to.include({ called: 3, proposed: 0, refused: 3, awarded: 0 })
  })

  it('awards to several, of whom some fail', async () => {
    const bidders = new Bidders({
      ann: good(1), bob: { ...good(2), 'accept-proposal': ['failure', { code: 'DEADLINE_PASSED' }, 'platform'] }, eve: good(3),
    })
    const { negotiation } = await negotiate(bidders, ['ann', 'bob', 'eve'], 2)
    expect(negotiation.outcome).to.deep.equal({ called: 3, proposed: 3, refused: 0, awarded: 2, delivered: ['ann'], failed: ['bob'] })
  })

  it('awards to the next best when the best is gone', async () => {
    const bidders = new Bidders({ ann: { ...good(1), 'accept-proposal': 'gone' }, bob: good(2) })
    const { events, negotiation } = await negotiate(bidders, ['ann', 'bob'])
    expect(shown(events).slice(4)).to.deep.equal(['ann failed AGENT_NOT_FOUND', 'bob awarded', 'bob delivered'])
    expect(negotiation.outcome).to.deep.include({ awarded: 1, delivered: ['bob'], failed: [] })
  })

  it('rejects everybody when nothing is to be awarded', async () => {
    const { events } = await negotiate(new Bidders({ ann: good(1), bob: good(2) }), ['ann', 'bob'], 0)
    expect(shown(events).slice(4)).to.deep.equal(['ann rejected', 'bob rejected'])
  })

  it('cancels with those who are still bound, and with nobody else', async () => {
    const bidders = new Bidders({ ann: good(1), bob: {}, eve: { cfp: ['refuse', ''] } })
    const negotiation = begin(bidders, ['ann', 'bob', 'eve'])
    let heard = 0
    for await (const { event } of negotiation.run()) {
      if (event !== 'called') heard += 1
      if (heard === 2) break
    }
    negotiation.cancel()
    expect(bidders.said.slice(3)).to.deep.equal([['cancel', 'bob', 0], ['cancel', 'ann', 0]])
  })
})
