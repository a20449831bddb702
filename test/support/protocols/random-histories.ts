import { expect } from 'chai'
import fc from 'fast-check'
import { ACTS, FRAME_FLAGS, HOST_RESULTS, OVER, type Act, type Protocol, type Role } from '../../../kernel/contract/index.js'
import type { ReadFrame } from '../../../kernel/routing/frames/frame.js'
import { contentOf, RoutingScene } from '../routing-scene.js'
import { legalActs, type ExpectedProtocol } from './expected.js'

const RUNS = process.env['CAXTON_TEST_LONG'] === '1' ? 5_000 : 200

/** One thing that somebody says: an act that is legal at that moment (if there is one), or any. */
interface Saying { readonly role: Role, readonly legal: boolean, readonly pick: number }

const sayings = (legal: fc.Arbitrary<boolean>): fc.Arbitrary<Saying[]> => fc.array(
  fc.record({ role: fc.constantFrom<Role>('initiator', 'participant'), legal, pick: fc.nat({ max: 10_000 }) }), { maxLength: 12 })

/**
 * Tests that random histories pass a thread's post as the specification says: what is legal is delivered, what is not is
 * answered, and changes nothing.
 */
export function randomHistories (protocol: Protocol, expected: ExpectedProtocol): void {
  describe(`Conversations by ${protocol.name} (${RUNS} random histories)`, () => {
    it('take every legal act, and are over at an end', () => {
      fc.assert(fc.property(sayings(fc.constant(true)), history => {
        const play = new Play(protocol, expected)
        for (const saying of history) play.say(saying)
        expect(play.delivered).to.equal(play.legal)
      }), { numRuns: RUNS })
    })

    it('answer every illegal act with the state and the legal acts, or as late, and stay as they are', () => {
      fc.assert(fc.property(sayings(fc.boolean()), history => {
        const play = new Play(protocol, expected)
        for (const saying of history) play.say(saying)
      }), { numRuns: RUNS })
    })
  })
}

/** A conversation of an agent here with one in another thread, held against the model step by step. */
class Play {
  readonly #scene: RoutingScene
  readonly #id: bigint
  #state: string
  delivered = 0
  legal = 0

  constructor (private readonly protocol: Protocol, private readonly expected: ExpectedProtocol) {
    this.#scene = new RoutingScene({}, 65_536, [protocol])
    const [act = 'inform'] = legalActs(expected, 'start', 'initiator')
    const { frame } = this.#scene.send(this.#scene.here, { to: this.#scene.there, act, fields: { protocol: protocol.name } })
    expect(this.#scene.takeFromRing()?.act).to.equal(act)
    this.#id = frame.conversation
    this.#state = expected.legal['start']?.initiator?.[act] ?? ''
  }

  say ({ role, legal, pick }: Saying): void {
    const state = this.#state
    const choices = legal ? legalActs(this.expected, state, role) : ACTS
    const act = choices[pick % choices.length]
    if (act === undefined) return
    const to = this.expected.legal[state]?.[role]?.[act]
    if (to !== undefined) this.legal += 1
    if (role === 'initiator') this.#initiator(act, to)
    else this.#participant(act, to)
    if (to !== undefined) this.#state = this.expected.final.includes(to) ? OVER : to
    expect(this.#scene.conversations.table.size).to.equal(this.#state === OVER ? 0 : 1)
  }

  #initiator (act: Act, to: string | undefined): void {
    const { here, there } = this.#scene
    const { result } = this.#scene.send(here, { to: there, act, conversation: this.#id, fields: { protocol: this.protocol.name } })
    expect(result).to.equal(to === undefined && this.#late('initiator', act) === undefined ? HOST_RESULTS.malformed : HOST_RESULTS.ok)
    if (to === undefined) this.#isRefused('initiator', act, this.#scene.local.received.pop())
    else this.#isDelivered(act, this.#scene.takeFromRing())
    expect(this.#scene.takeFromRing()).to.equal(undefined)
  }

  #participant (act: Act, to: string | undefined): void {
    const { here, there } = this.#scene
    this.#scene.arrive(there, { to: here, act, conversation: this.#id, fields: { protocol: this.protocol.name } })
    if (to === undefined) this.#isRefused('participant', act, this.#scene.takeFromRing())
    else this.#isDelivered(act, this.#scene.local.received.pop())
    expect(this.#scene.local.received).to.deep.equal([])
  }

  #late (role: Role, act: Act): NonNullable<ExpectedProtocol['late']>[number] | undefined {
    // Of a conversation that is over nobody knows who had begun it.
    const speaker = this.#state === OVER ? 'participant' : role
    return this.expected.late?.find(each => each[0] === this.#state && each[1] === speaker && each[2] === act)
  }

  #isDelivered (act: Act, frame: ReadFrame | undefined): void {
    expect([frame?.act, frame?.conversation]).to.deep.equal([act, this.#id])
    this.delivered += 1
  }

  #isRefused (role: Role, act: Act, answer: ReadFrame | undefined): void {
    if (answer === undefined) throw new Error(`nobody answered ${act} in ${this.#state}`)
    expect(answer.flags & FRAME_FLAGS.platform).to.equal(FRAME_FLAGS.platform)
    const late = this.#late(role, act)
    const content = contentOf(answer)
    if (late !== undefined) {
      expect([answer.act, content['code'], answer.conversation]).to.deep.equal([late[3], late[4], this.#id])
      return
    }
    expect([answer.act, answer.conversation]).to.deep.equal(['not-understood', 0n])
    expect(content).to.include({ code: 'ACT_NOT_LEGAL', state: this.#state })
    expect(content['legal']).to.deep.equal(legalActs(this.expected, this.#state, role))
    expect(this.#scene.observer.letters.at(-1)?.reason).to.equal('CONVERSATION_UNKNOWN')
  }
}
