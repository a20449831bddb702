import { expect } from 'chai'
import fc from 'fast-check'
import { readPolicy } from '../../../../../kernel/lifecycle/agents/policy-text.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'

const read = (text: string): ReturnType<typeof readPolicy> => readPolicy(Buffer.from(text), 'policy.toml')

function problemsOf (text: string): readonly string[] {
  const result = read(text)
  return 'problems' in result ? result.problems : []
}

const SOUND = `
default = "deny"
[[rules]]
from = ["shop-*"]
to = ["bank", "df"]
acts = ["request", "CFP"]
rate = 20
[[rules]]
from = ["*"]
to = ["*"]
effect = "deny"
`

describe('the text of a policy for agents', () => {
  it('has a default and rules in order', () => {
    expect(read(SOUND)).to.deep.equal({
      policy: {
        otherwise: 'deny',
        rules: [
          { from: ['shop-*'], to: ['bank', 'df'], acts: ['request', 'cfp'], effect: 'allow', rate: 20 },
          { from: ['*'], to: ['*'], acts: undefined, effect: 'deny', rate: 0 },
        ],
      },
    })
    expect(read('default = "allow"')).to.deep.equal({ policy: { otherwise: 'allow', rules: [] } })
  })

  it('is refused with everything that is wrong with it, each with its place', () => {
    expect(problemsOf('')).to.deep.equal(['default: expected "allow" or "deny"'])
    const problems = problemsOf(`
      default = "alow"
      rule = 1
      [[rules]]
      from = "shop"
      to = ["a b"]
      acts = ["shout"]
      rate = 0
      [[rules]]
      from = ["a"]
      to = []
      effect = "deny"
      rate = 1.5
      sender = "x"
    `)
    expect(problems.map(problem => problem.split(':')[0])).to.have.members([
      'default', 'rule', 'rules[0].from', 'rules[0].to', 'rules[0].acts', 'rules[0].rate', 'rules[1].to', 'rules[1].rate', 'rules[1].rate',
      'rules[1].sender',
    ])
    expect(problemsOf('default = "allow"\nrules = [1]')).to.include('rules[0]: expected a table')
    expect(problemsOf('default = "allow"\nrules = 1')).to.have.length(1)
    expect(problemsOf('default = ')).to.not.deep.equal([])
    expect(problemsOf(`default = "allow"\n${'[[rules]]\nfrom=["a"]\nto=["a"]\n'.repeat(251)}`)).to.have.length(1)
  })

  it('never throws, and is a policy only if it says so itself', () => {
    const mutated = fc.tuple(fc.nat(SOUND.length), fc.nat(4), fc.uint8Array({ maxLength: 4 })).map(([at, gone, bytes]) =>
      Buffer.concat([Buffer.from(SOUND.slice(0, at)), bytes, Buffer.from(SOUND.slice(at + gone))]))
    fc.assert(fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), bytes => {
      const result = readPolicy(bytes, 'policy.toml')
      if ('problems' in result) expect(result.problems).to.not.deep.equal([])
      else for (const { from, to, rate } of result.policy.rules) expect(Math.min(from.length, to.length, rate + 1)).to.be.at.least(1)
    }), { numRuns: LONG ? 50_000 : 500 })
  })
})
