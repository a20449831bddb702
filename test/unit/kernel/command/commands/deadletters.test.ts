import { expect } from 'chai'
import { runCommand, type Outcome } from '../../../../support/command/run-command.js'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const message = { sender: 'a', receiver: 'b', performative: 'cfp', content: utf8('hi'), user: { 'X-mood': 'good' } }
const LETTER = {
  id: '000000000001-000001', at: 1n, reason: 'MAILBOX_FULL', traceId: 't1', message,
  priority: 'high', delivery: 'exactly-once', expiresAt: 7n,
}
const asked = ({ connector }: Outcome): unknown[] => connector.asked.map(({ request }) => request)

describe('dead letter commands', () => {
  it('list is a table for people and whole for programs', async () => {
    const answers = { 'DeadLetters/List': () => ({ letters: [LETTER], kept: 1n, counted: 9n }) }
    const human = await runCommand(['deadletters', 'list', '--limit', '5'], { answers })
    expect(human.stdout).to.match(/000000000001-000001 .*MAILBOX_FULL +a +b +cfp +hi\n$/)
    expect(human.stderr).to.equal('1 shown, 1 kept, 9 since the server started\n')
    const json = JSON.parse((await runCommand(['deadletters', 'list', '-o', 'json'], { answers })).stdout) as object
    expect(json).to.deep.nested.include({
      counted: '9', 'letters[0].message.content': 'hi', 'letters[0].reason': 'MAILBOX_FULL', 'letters[0].id': LETTER.id,
    })
    expect(json).not.to.have.property('next')
  })

  it('list filters, and asks on until it has as many as are wanted', async () => {
    const pages = ['p1', 'p2', 'p3', '']
    const answers = { 'DeadLetters/List': () => ({ letters: [LETTER], kept: 4n, counted: 4n, next: pages.shift() ?? '' }) }
    const words = ['deadletters', 'list', '--limit', '3', '--agent', 'a', '--reason', 'MAILBOX_FULL', '--older-than', '5s']
    const outcome = await runCommand(words, { answers })
    expect(outcome.stderr).to.include('3 shown')
    expect(asked(outcome)).to.have.length(3)
    expect(asked(outcome)[2]).to.deep.nested.include({
      page: 'p2', limit: 1, 'filter.agent': 'a', 'filter.reason': 'MAILBOX_FULL', 'filter.olderThanMilliseconds': 5_000n,
    })
  })

  it('show says everything that a letter says', async () => {
    const answers = { 'DeadLetters/Get': () => ({ letter: LETTER }) }
    const outcome = await runCommand(['deadletters', 'show', LETTER.id], { answers })
    const parts = ['MAILBOX_FULL', 't1', 'cfp', 'hi', 'X-mood', 'good', 'high', 'exactly-once', 'good until']
    for (const part of parts) expect(outcome.stdout).to.include(part)
    expect(asked(outcome)[0]).to.include({ id: LETTER.id })
  })

  it('replay goes round by round, adds up, and fails when some were refused', async () => {
    const rounds = [
      { replayed: 100, refused: { AGENT_NOT_RUNNING: 2 }, lookedAt: 102, next: 'p1' },
      { replayed: 3, refused: { AGENT_NOT_RUNNING: 1, SHARD_BUSY: 1 }, lookedAt: 5, next: '' },
    ]
    const answers = { 'DeadLetters/Replay': () => rounds.shift() }
    const outcome = await runCommand(['deadletters', 'replay', '--agent', 'a', '-o', 'json'], { answers })
    expect(outcome.code).to.equal(1)
    expect(JSON.parse(outcome.stdout)).to.deep.equal({ replayed: 103, refused: { AGENT_NOT_RUNNING: 3, SHARD_BUSY: 1 }, dryRun: false })
    expect(asked(outcome)[1]).to.deep.nested.include({ page: 'p1', all: false, dryRun: false, 'filter.agent': 'a' })
  })

  it('replay and purge take ids, and only count in a dry run', async () => {
    const answers = { 'DeadLetters/Replay': () => ({ replayed: 2 }), 'DeadLetters/Purge': () => ({ purged: 2 }) }
    for (const [command, says] of [['replay', 'would be sent'], ['purge', 'would be deleted']] as const) {
      const outcome = await runCommand(['deadletters', command, 'x', 'y', '--dry-run'], { answers })
      expect(outcome).to.include({ code: 0, stdout: `${says}  2\n` })
      expect(asked(outcome)[0]).to.deep.nested.include({ 'filter.ids': ['x', 'y'], dryRun: true })
    }
  })

  it('replay and purge do nothing without a choice, and take all only with --yes', async () => {
    for (const command of ['replay', 'purge']) {
      const answers = { 'DeadLetters/Replay': () => ({}), 'DeadLetters/Purge': () => ({}) }
      for (const words of [[], ['--all'], ['--yes'], ['--all', '--yes', '--agent', 'a'], ['--all', 'x', '--yes']]) {
        const outcome = await runCommand(['deadletters', command, ...words], { answers })
        expect([outcome.code, outcome.connector.asked.length], `${command} ${words.join(' ')}`).to.deep.equal([2, 0])
      }
      for (const words of [['--all', '--yes'], ['--all', '--dry-run']]) {
        const outcome = await runCommand(['deadletters', command, ...words], { answers })
        expect(outcome.code, `${command} ${words.join(' ')}`).to.equal(0)
        expect(asked(outcome)[0]).to.include({ all: true })
      }
    }
  })
})
