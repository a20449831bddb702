import { expect } from 'chai'
import fc from 'fast-check'
import { actCode, ACTS, FRAME, type Act } from '../../../../../kernel/contract/index.js'
import { CALLER_HANDLE } from '../../../../../kernel/routing/directory/route-table.js'
import { MessagePolicy } from '../../../../../kernel/routing/permissions/message-policy.js'
import { matchesName } from '../../../../../kernel/contract/name-pattern.js'
import { PolicyBook } from '../../../../../kernel/routing/permissions/policy-book.js'
import type { AgentPolicy, PolicyRule } from '../../../../../kernel/routing/permissions/policy-rules.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const NAMES = ['a', 'b', 'ab', 'ba', 'abc']
const FIRST = 16

const rule = (more: Partial<PolicyRule> = {}): PolicyRule =>
  ({ from: ['*'], to: ['*'], acts: undefined, effect: 'allow', rate: 0, ...more })

describe('the policy for agents', () => {
  let now: number
  let owners: Array<readonly [number, string]>

  beforeEach(() => {
    now = 0
    owners = [[CALLER_HANDLE, 'caller'], [2, 'df'], ...NAMES.map((name, index) => [FIRST + index, name] as const)]
  })

  const bookOf = (policy: AgentPolicy | undefined): PolicyBook => {
    const book = new PolicyBook({ owners: () => owners })
    book.adopt(policy)
    return book
  }

  const threadOf = ({ tables }: PolicyBook): MessagePolicy => {
    if (tables === undefined) throw new Error('there is no policy')
    return new MessagePolicy(tables, () => now)
  }

  const policyOf = (otherwise: 'allow' | 'deny', ...rules: readonly PolicyRule[]): MessagePolicy => threadOf(bookOf({ otherwise, rules }))

  function bars (policy: MessagePolicy, from: number, to: number, act: Act = 'inform'): string | undefined {
    const view = new DataView(new ArrayBuffer(FRAME.headerBytes + 8))
    view.setUint8(8 + FRAME.act, actCode(act))
    return policy.bars(view, 8, from, to)
  }

  it('is decided by the first rule that fits sender, receiver and act, and else by its default', () => {
    const pattern = fc.array(fc.constantFrom('*', 'a', 'b', 'a*', '*b', 'ab*'), { minLength: 1, maxLength: 2 })
    const some = fc.record({
      from: pattern, to: pattern, rate: fc.constant(0), effect: fc.constantFrom('allow' as const, 'deny' as const),
      acts: fc.option(fc.subarray<Act>(['inform', 'request', 'cfp'], { minLength: 1 }), { nil: undefined }),
    })
    const policies = fc.record({ otherwise: fc.constantFrom('allow' as const, 'deny' as const), rules: fc.array(some, { maxLength: 80 }) })
    fc.assert(fc.property(policies, policy => {
      const asked = threadOf(bookOf(policy))
      for (const [sender, from] of NAMES.entries()) {
        for (const [receiver, to] of NAMES.entries()) {
          for (const act of ['inform', 'cfp', 'cancel'] as const) {
            const first = policy.rules.find(each => each.from.some(one => matchesName(one, from)) &&
              each.to.some(one => matchesName(one, to)) && each.acts?.includes(act) !== false)
            const forbidden = (first?.effect ?? policy.otherwise) === 'deny'
            expect(asked.forbids(FIRST + sender, FIRST + receiver, actCode(act))).to.equal(forbidden)
            expect(bars(asked, FIRST + sender, FIRST + receiver, act)).to.equal(forbidden ? 'MESSAGE_FORBIDDEN' : undefined)
          }
        }
      }
    }), { numRuns: LONG ? 5_000 : 50 })
  })

  it('is not about callers and the services of the server, here or on another node, but what is written to a service is', () => {
    owners.push([40, 'caller@north'], [41, 'df@north'])
    const strict = policyOf('deny', rule({ from: ['a'], to: ['df'] }))
    for (const own of [CALLER_HANDLE, 2, 40, 41]) expect(strict.forbids(own, FIRST, 1), String(own)).to.equal(false)
    for (const caller of [CALLER_HANDLE, 40]) expect(strict.forbids(FIRST, caller, 1), String(caller)).to.equal(false)
    expect([strict.forbids(FIRST, 2, 1), strict.forbids(FIRST + 1, 2, 1), strict.forbids(FIRST, 41, 1)]).to.deep.equal([false, true, false])
    expect(ACTS.every(act => strict.forbids(FIRST, FIRST + 1, actCode(act)))).to.equal(true)
  })

  it('means agents of other nodes by the names that they have there', () => {
    owners.push([40, 'a@north'])
    const policy = policyOf('deny', rule({ from: ['a'], to: ['b'] }))
    expect([policy.forbids(40, FIRST + 1, 1), policy.forbids(40, FIRST, 1)]).to.deep.equal([false, true])
  })

  it('holds for those who come later, and for whoever has a handle now', () => {
    const book = bookOf({ otherwise: 'deny', rules: [rule({ from: ['late-*'], to: ['a'] })] })
    const policy = threadOf(book)
    expect(policy.forbids(60, FIRST, 1)).to.equal(true)
    book.entered(60, 'late-1')
    expect(policy.forbids(60, FIRST, 1)).to.equal(false)
    book.entered(60, 'other')
    expect(policy.forbids(60, FIRST, 1)).to.equal(true)
  })

  it('is replaced as a whole: who has the old tables goes on by the old rules', () => {
    const book = bookOf({ otherwise: 'deny', rules: [] })
    const before = threadOf(book)
    book.adopt({ otherwise: 'allow', rules: [] })
    expect([before.forbids(FIRST, FIRST + 1, 1), threadOf(book).forbids(FIRST, FIRST + 1, 1)]).to.deep.equal([true, false])
    book.adopt(undefined)
    expect(book.tables).to.equal(undefined)
  })

  it('lets each sender through as often as the deciding rule says', () => {
    const policy = policyOf('allow', rule({ from: ['a'], to: ['b'], rate: 2 }), rule({ from: ['a', 'b'], rate: 1 }))
    const sent = (from: number, to: number): number =>
      Array.from({ length: 10 }, () => bars(policy, from, to)).filter(bar => bar === undefined).length
    expect([sent(FIRST, FIRST + 1), sent(FIRST, FIRST), sent(FIRST + 1, FIRST), sent(FIRST + 2, FIRST)]).to.deep.equal([4, 2, 2, 10])
    expect(bars(policy, FIRST, FIRST + 1)).to.equal('MESSAGE_RATE_EXCEEDED')
    expect(policy.forbids(FIRST, FIRST + 1, 1)).to.equal(false)
    now += 1_000
    expect([sent(FIRST, FIRST + 1), sent(FIRST, FIRST)]).to.deep.equal([2, 1])
  })
})
