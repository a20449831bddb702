import { expect } from 'chai'
import { runCommand, type Outcome } from '../../../../support/command/run-command.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const NOW = new VirtualClock().now()
const participants = [
  { name: 'cheap', state: 'proposed', dueAt: BigInt(NOW + 5_000) }, { name: 'slow', state: 'called', dueAt: BigInt(NOW + 90_000) },
  { name: 'proud', state: 'refused', over: true }, { name: 'fourth', state: 'called' },
]
const negotiation = {
  id: 'c1000005000002a', protocol: 'fipa-contract-net', initiator: 'buyer', priority: 'normal', openedAt: BigInt(NOW - 60_000),
  activeAt: BigInt(NOW - 3_000), participants, participantCount: 12,
}
const said = { at: 0n, sender: 'buyer', receiver: 'cheap', performative: 'cfp', content: utf8('{"item":"ch'), contentBytes: 20 }

const run = (words: readonly string[], answer: object = {}): Promise<Outcome> => runCommand(['conversations', ...words], {
  answers: {
    'Conversations/List': () => ({ conversations: [negotiation] }),
    'Conversations/Show': () => ({ conversation: { ...negotiation, transcript: [said], ...answer } }),
    'Conversations/Cancel': () => ({ conversation: { ...negotiation, ...answer } }),
    'Conversations/Watch': () => [{ conversation: negotiation, skipped: 2n }],
  },
})
const asked = ({ connector }: Outcome): unknown => connector.asked[0]?.request

describe('conversation commands', () => {
  it('list asks for what is wanted, and shows who is at what and when the next deadline is', async () => {
    const outcome = await run(['list', '--agent', 'buyer', '--protocol', 'fipa-contract-net', '--ended', '--limit', '7'])
    expect(asked(outcome)).to.deep.include({ agent: 'buyer', protocol: 'fipa-contract-net', ended: true, limit: 7 })
    for (const part of ['c1000005000002a', 'open', ' 3s ', 'in 5s']) expect(outcome.stdout).to.contain(part)
  })

  it('list refuses a limit that can\'t be', async () => {
    expect((await run(['list', '--limit', '0'])).code).to.equal(2)
  })

  it('show names every participant with its state and deadline, and what was said', async () => {
    const { stdout, code } = await run(['show', 'c1000005000002a'])
    expect(code).to.equal(0)
    for (const part of [/cheap\s+proposed\s+due in 5s/, /proud\s+refused/, /8 more/, /buyer → cheap {2}cfp {2}\{"item":"ch …/]) {
      expect(stdout).to.match(part)
    }
  })

  it('show says how a conversation ended', async () => {
    const { stdout } = await run(['show', 'c1'], { end: 'deadline passed' })
    expect(stdout).to.match(/state\s+deadline passed/).and.to.match(/ended\s+\d{4}-/)
  })

  it('give programs the contents as text, or as base64 when they are none', async () => {
    const { stdout } = await run(['show', 'c1', '-o', 'json'], { transcript: [said, { ...said, content: Uint8Array.of(0xff) }] })
    const { conversation } = JSON.parse(stdout) as { conversation: { id: string, transcript: object[] } }
    expect(conversation).to.include({ id: negotiation.id, participantCount: 12 })
    expect(conversation.transcript[0]).to.include({ content: '{"item":"ch', contentBytes: 20 })
    expect(conversation.transcript[1]).to.include({ contentBase64: '/w==' }).and.not.to.have.property('content')
  })

  it('cancel says when the participants have the last word', async () => {
    const open = await run(['cancel', 'c1'])
    expect(asked(open)).to.deep.include({ id: 'c1' })
    expect(open.stderr).to.contain('when they have answered')
    expect((await run(['cancel', 'c1'], { end: 'cancelled' })).stderr).to.equal('')
  })

  it('watch shows a change a line, and how many it left out', async () => {
    const { stdout, stderr } = await run(['watch', 'buyer'])
    const road = 'buyer → cheap (proposed), slow (called), proud (refused), 9 more'
    expect(stdout).to.match(/^\d\d:\d\d:/).and.to.contain(` c1000005000002a fipa-contract-net  ${road}  open\n`)
    expect(stderr).to.contain('2 changes were not shown')
  })
})
