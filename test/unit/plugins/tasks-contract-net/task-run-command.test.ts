import { expect } from 'chai'
import { taskCommands } from '../../../../plugins/tasks-contract-net/task-commands.js'
import { kernelIndex, runCommand, type Outcome } from '../../../support/command/run-command.js'

const commands = taskCommands.map(command => ({ ...command, from: 'tasks-contract-net' }))
const index = { ...kernelIndex, commands: [...kernelIndex.commands, ...commands] }
const OUTCOME = { called: 2, proposed: 1, refused: 1, awarded: 1, delivered: ['ann'], failed: [] as string[] }
const EVENTS = [
  { event: 'called', agent: 'ann', conversationId: 'c1' },
  { event: 'proposed', agent: 'ann', content: Buffer.from('{"price":7}'), mediaType: 'application/json', conversationId: 'c1' },
  { event: 'refused', agent: 'bob', content: Buffer.from('{"code":"DEADLINE_PASSED"}'), reason: 'DEADLINE_PASSED', conversationId: 'c1' },
]

/** Runs `caxton task run`, with a server that tells these events and this outcome. */
const run = (words: readonly string[], outcome: object = OUTCOME): Promise<Outcome> => runCommand(['task', 'run', ...words], {
  index,
  answers: { 'Tasks/Run': async function * () { yield * [...EVENTS, { event: 'finished', conversationId: 'c1', outcome }] } },
})

describe('caxton task run', () => {
  it('shows who said what as it happens, and what came of it', async () => {
    const { code, stdout } = await run(['--to', 'ann,bob', '--content', '{"deliver":1}'])
    expect(stdout.split('\n').map(line => line.replace(/ +/g, ' '))).to.deep.equal([
      'ann called', 'ann proposed {"price":7}', 'bob refused DEADLINE_PASSED',
      '2 called, 1 proposed, 1 refused, 1 awarded; delivered by ann', '',
    ])
    expect(code).to.equal(0)
  })

  it('gives a document for each event to programs', async () => {
    const { stdout } = await run(['--to', 'ann,bob', '--content', 'x', '--output', 'json'])
    const documents = stdout.trim().split('\n').map(line => JSON.parse(line) as Record<string, unknown>)
    expect(documents[1]).to.deep.equal({
      event: 'proposed', agent: 'ann', content: '{"price":7}', mediaType: 'application/json', reason: '', conversationId: 'c1',
    })
    expect(documents[3]).to.deep.equal({ event: 'finished', conversationId: 'c1', outcome: OUTCOME })
  })

  it('exits with 1 when nobody delivered', async () => {
    const { code, stdout } = await run(['--to', 'ann', '--content', 'x'], { ...OUTCOME, delivered: [], failed: ['ann'] })
    expect([code, stdout.includes('delivered by nobody; failed: ann')]).to.deep.equal([1, true])
  })

  it('asks for what its options say', async () => {
    const { connector } = await run([
      '--to', 'ann, bob', '--to', 'eve', '-c', 'hello', '--deadline', '500ms', '--timeout', '1m', '--awards', '0', '--choose', 'speed:max',
    ])
    expect(connector.asked[0]?.request).to.deep.include({
      to: ['ann', 'bob', 'eve'], content: new Uint8Array(Buffer.from('hello')), mediaType: 'text/plain; charset=utf-8',
      deadlineMilliseconds: 500, resultMilliseconds: 60_000, awards: 0, choose: 'speed:max',
    })
  })

  it('leaves to the server what its options do not say', async () => {
    const { connector } = await run(['--to', 'ann', '-c', '{}', '--protocol', 'fipa-contract-net'])
    expect(connector.asked[0]?.request).to.deep.include({ deadlineMilliseconds: 0, resultMilliseconds: 0, choose: '' })
    expect(connector.asked[0]?.request).to.not.have.property('awards')
  })

  it('refuses what it can\'t read', async () => {
    for (const [words, problem] of [
      [['--protocol', 'auction'], 'contract-net'], [['--awards', 'all'], '--awards'], [['--deadline', 'soon'], '--deadline'],
    ] as const) {
      const { code, stderr } = await run(['--to', 'ann', '-c', 'x', ...words])
      expect([code > 0, stderr.includes(problem)], stderr).to.deep.equal([true, true])
    }
  })
})
