import { expect } from 'chai'
import { Negotiation } from '../../../scripts/demo/negotiation.mjs'
import { SequenceDiagram } from '../../../scripts/demo/sequence-diagram.mjs'

const LATE = 'PROPOSAL_LATE","reason":"the call for proposals is closed'
const SILENT = 'DEADLINE_PASSED","reason":"no answer came before reply-by'
/** As `caxton message watch` gave them: when, from whom, to whom, what, with what content, and whether it arrived. */
const RECORDED = [
  [10_000, 'buyer', 'refusing', 'cfp', '{"buy":"tea"}'],
  [10_000, 'buyer', 'slow', 'cfp', '{"buy":"tea"}'],
  [10_003, 'buyer', 'cheap', 'cfp', '{"buy":"tea"}'],
  [10_003, 'refusing', 'buyer', 'refuse', '{"reason":"not today"}'],
  [10_004, 'cheap', 'buyer', 'propose', '{"price":5}'],
  [10_991, 'slow', 'buyer', 'refuse', `{"code":"${SILENT}"}`],
  [11_106, 'buyer', 'cheap', 'accept-proposal', '{"buy":"tea"}'],
  [11_394, 'slow', 'buyer', 'propose', '{"price":4}', 'CONVERSATION_UNKNOWN'],
  [11_394, 'buyer', 'slow', 'reject-proposal', `{"code":"${LATE}"}`],
  [11_913, 'cheap', 'buyer', 'inform', '{"delivered":"tea","by":"cheap"}'],
].map(seen)

const PICTURE = `\
        buyer               refusing                slow                  cheap
          │                     │                     │                     │
   0.0 s  ├─ cfp {"buy":"tea"} >│                     │                     │
   0.0 s  ├─ cfp {"buy":"tea"} ─┼────────────────────>│                     │
   0.0 s  ├─ cfp {"buy":"tea"} ─┼─────────────────────┼────────────────────>│
   0.0 s  │<─ refuse not today ─┤                     │                     │
   0.0 s  │<────────────────────┼───────────────────── propose {"price":5} ─┤
          │                     │                     │                     │
   1.0 s  │<╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ refuse DEADLINE_PASSED ╌┤                     │
   1.1 s  ├─ accept-proposal {"buy":"tea"} ───────────┼────────────────────>│
   1.4 s  │✗──────────────────── propose {"price":4} ─┤                     │
   1.4 s  ├╌ reject-proposal PROPOSAL_LATE ╌╌╌╌╌╌╌╌╌╌>│                     │
          │                     │                     │                     │
   1.9 s  │<────────────────────┼─ inform {"delivered":"tea","by":"cheap"} ─┤`

const plain = (_style, text) => text
const diagram = (paint = plain) => new SequenceDiagram(['buyer', 'refusing', 'slow', 'cheap'], paint)

function seen ([at, sender, receiver, performative, content, outcome = 'delivered']) {
  const message = { sender, receiver, performative, content: Buffer.from(content), conversationId: 'c1', protocol: 'fipa-contract-net' }
  return { at: BigInt(at), outcome, message }
}

describe('the sequence diagram of npm start', () => {
  it('shows a recorded negotiation as arrows between lifelines', () => {
    const drawing = diagram()
    expect([...drawing.heading(), ...RECORDED.flatMap(each => drawing.lines(each))].join('\n')).to.equal(PICTURE)
  })

  it('keeps to 80 columns, and shows what a terminal would obey as an escape', () => {
    const shout = seen([1, 'buyer', 'refusing', 'cfp', `"\u001b[2J${'x'.repeat(200)}"`])
    const [line] = diagram().lines(shout)
    expect(line).to.equal('   0.0 s  ├─ cfp "\\u001b[2Jxx… >│                     │                     │')
    const far = diagram().lines(seen([1, 'cheap', 'buyer', 'inform', '茶'.repeat(100)])).join()
    expect(far).to.match(/^ {3}0\.0 s {2}│<─+ inform 茶+… ─┤$/)
  })

  it('gives colours to what is said, and leaves the lines where they were', () => {
    const marked = diagram((style, text) => `«${style}»${text}«»`)
    const lines = RECORDED.flatMap(each => marked.lines(each))
    expect(lines[4]).to.contain('«cyan» propose {"price":5} «»')
    expect(lines.filter(line => line.includes('✗'))[0]).to.contain('«red» propose {"price":4} «»')
    expect(lines.map(line => line.replace(/«[a-z]*»/g, ''))).to.deep.equal(PICTURE.split('\n').slice(2))
  })
})

describe('a negotiation that is followed', () => {
  const follow = (messages, negotiation = new Negotiation('buyer')) => {
    const taken = messages.map(({ message }) => negotiation.take(message))
    return { taken, isOver: negotiation.isOver }
  }

  it('is over when everybody who was called has had the last word, the late ones too', () => {
    expect(follow(RECORDED)).to.deep.equal({ taken: RECORDED.map(() => true), isOver: true })
    for (let length = 0; length < RECORDED.length; length++) expect(follow(RECORDED.slice(0, length)).isOver, `${length}`).to.equal(false)
    expect(follow(RECORDED.filter((_, index) => index !== 8)).isOver).to.equal(false)
  })

  it('leaves out what it has not seen from the beginning, and other conversations', () => {
    expect(follow(RECORDED.slice(3)).taken).to.not.include(true)
    const others = RECORDED.map(each => ({ ...each, message: { ...each.message, conversationId: 'c2' } }))
    const negotiation = new Negotiation('buyer')
    follow(RECORDED.slice(0, 3), negotiation)
    expect(follow(others, negotiation)).to.deep.equal({ taken: others.map(() => false), isOver: false })
  })
})
