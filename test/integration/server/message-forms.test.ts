import { expect } from 'chai'
import { isCaxtonError, Messages } from '../../../kernel/contract/index.js'
import { CAXTON, runProcess, type Ended } from '../../support/command/run-process.js'
import { echoModule } from '../../support/hostile-modules.js'
import type { ServerClient } from '../../support/server-client.js'
import { ServerProcess } from '../../support/server-process.js'

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const ASK = '(request :receiver (set (agent-identifier :name echo)) :protocol fipa-request ' +
  ':content "ü€ \\"hi\\"" :X-Media-Type text/plain)'

describe('Messages in FIPA\'s string form', function () {
  this.timeout(30_000)
  let server: ServerProcess
  let client: ServerClient

  before(async () => {
    server = await ServerProcess.start({ sets: ['agents.shards=1'] })
    client = server.client()
    for (const name of ['echo', 'second']) await client.deploy(name, await echoModule())
  })

  after(async () => {
    client.close()
    expect(await server.stop()).to.equal(0)
  })

  const caxton = (...words: string[]): Promise<Ended> =>
    runProcess(process.execPath, [CAXTON, ...words], { environment: { CAXTON_SERVER: server.address } })

  it('are sent and answered on the command line', async () => {
    const { code, stdout, stderr } = await caxton('message', 'send', '--wait', '--acl', ASK)
    expect(code, stderr).to.equal(0)
    expect(stdout).to.match(/^\(inform :sender \(agent-identifier :name echo\) :receiver \(set \(agent-identifier :name caller\)\) /)
    expect(stdout).to.include(':content "ü€ \\"hi\\""').and.to.include(':protocol fipa-request')
  })

  it('go to several agents in one conversation', async () => {
    const acl = utf8('(request :receiver (set (agent-identifier :name echo) (agent-identifier :name second)) :content #3"a\\")')
    const { answers, aclAnswers } = await client.connector.unary(Messages.method.send, { acl, wait: true })
    expect(answers.map(({ sender }) => sender)).to.have.members(['echo', 'second'])
    expect(answers.map(({ content }) => Buffer.from(content).toString())).to.deep.equal(['a\\"', 'a\\"'])
    expect(aclAnswers.map(form => Buffer.from(form).toString()).join()).to.include(':name second')
  })

  it('are refused with a mark on the command line, and with position and reason by the server', async () => {
    const { code, stderr } = await caxton('message', 'send', '--acl', '(request :receiver echo)')
    expect(code).to.equal(2)
    expect(stderr.split('\n').slice(1, 3)).to.deep.equal(['  (request :receiver echo)', '                     ^'])
    const acl = utf8('(request :receiver echo)')
    const refused = await client.connector.unary(Messages.method.send, { acl }).catch((error: unknown) => error)
    expect(isCaxtonError(refused) && refused.code).to.equal('MESSAGE_NOT_UNDERSTOOD')
    expect(refused).to.have.property('details').that.includes({ position: 19 })
  })
})
