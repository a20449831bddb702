import { expect } from 'chai'
import type { Act } from '../../../../kernel/contract/index.js'
import { CONTRACT_NET_PROTOCOL } from '../../../../plugins/protocol-contract-net/contract-net-protocol.js'
import {
  ITERATED_CONTRACT_NET_PROTOCOL,
} from '../../../../plugins/protocol-iterated-contract-net/iterated-contract-net-protocol.js'
import { PROPOSE_PROTOCOL } from '../../../../plugins/protocol-propose/propose-protocol.js'
import { QUERY_PROTOCOL } from '../../../../plugins/protocol-query/query-protocol.js'
import { REQUEST_PROTOCOL } from '../../../../plugins/protocol-request/request-protocol.js'
import { SUBSCRIBE_PROTOCOL } from '../../../../plugins/protocol-subscribe/subscribe-protocol.js'
import { TestHosting } from '../../../support/hosting.js'
import type { Rules } from '../../../support/script-engine/rules-guest.js'
import { scriptEngine } from '../../../support/script-engine/script-engine.js'
import { until } from '../../../support/until.js'

const PROTOCOLS = [
  REQUEST_PROTOCOL, QUERY_PROTOCOL, PROPOSE_PROTOCOL, SUBSCRIBE_PROTOCOL, CONTRACT_NET_PROTOCOL, ITERATED_CONTRACT_NET_PROTOCOL,
]

describe('Agents in two threads', function () {
  this.timeout(20_000)
  let server: TestHosting
  let leaving: AbortController
  /** `ann inform` by who said it to whom. */
  const said: string[] = []

  beforeEach(async () => {
    server = await TestHosting.start(['agents.shards=2', 'agents.restart_delay=10ms'], undefined, scriptEngine(), PROTOCOLS)
    leaving = new AbortController()
    said.length = 0
    void (async () => {
      for await (const { message, outcome } of server.hosting.messageWatch.watch([], leaving.signal)) {
        if (message === undefined || message.sender === 'caller' || outcome !== 'delivered') continue
        said.push(`${message.sender} ${message.performative} → ${message.receiver}`)
      }
    })()
  })

  afterEach(async () => {
    leaving.abort()
    await server.stop()
  })

  const agent = (name: string, rules: Rules): Promise<boolean> => server.deploy(name, JSON.stringify(rules))

  /** The initiator `ann` begins a protocol with others, and says to each act what the rules have. */
  const begins = (protocol: string, act: Act, to: readonly string[], rules: Rules = {}, replyBy?: number): Promise<boolean> =>
    agent('ann', { request: [[{ act, to, protocol, ...replyBy === undefined ? {} : { replyBy } }]], ...rules })

  /** Sets the initiator going; what is said is exactly this, in order between any two. */
  async function conversation (...expected: readonly string[]): Promise<void> {
    await server.tell('ann', 'request')
    await until(() => said.length >= expected.length)
    for (const pair of new Set(expected.map(line => line.replace(/ .* /, ' → ')))) {
      const [from = '', to = ''] = pair.split(' → ')
      const between = (line: string): boolean => line.startsWith(`${from} `) && line.endsWith(` ${to}`)
      expect(said.filter(between)).to.deep.equal(expected.filter(between))
    }
    expect(said).to.have.members(expected)
  }

  it('follow Request', async () => {
    await agent('bob', { request: [[{ act: 'agree' }, { act: 'inform' }]] })
    await begins('fipa-request', 'request', ['bob'])
    await conversation('ann request → bob', 'bob agree → ann', 'bob inform → ann')
  })

  it('follow Query', async () => {
    await agent('bob', { 'query-if': [[{ act: 'inform', content: 'true' }]] })
    await begins('fipa-query', 'query-if', ['bob'])
    await conversation('ann query-if → bob', 'bob inform → ann')
  })

  it('follow Propose', async () => {
    await agent('bob', { propose: [[{ act: 'accept-proposal' }]] })
    await begins('fipa-propose', 'propose', ['bob'])
    await conversation('ann propose → bob', 'bob accept-proposal → ann')
  })

  it('follow Subscribe until it is cancelled', async () => {
    await agent('bob', { subscribe: [[{ act: 'agree' }, { act: 'inform' }, { act: 'inform' }]], cancel: [[{ act: 'inform' }]] })
    await begins('fipa-subscribe', 'subscribe', ['bob'], { inform: [[], [{ act: 'cancel' }], []] })
    await conversation(
      'ann subscribe → bob', 'bob agree → ann', 'bob inform → ann', 'bob inform → ann', 'ann cancel → bob', 'bob inform → ann')
  })

  it('follow Contract Net with one who refuses, one who is silent and one who dies', async () => {
    await agent('bob', { 'cfp': [[{ act: 'propose' }]], 'accept-proposal': [[{ act: 'inform' }]] })
    await agent('cat', { cfp: [[{ act: 'refuse' }]] })
    await agent('dan', {})
    await agent('eve', { cfp: ['trap'] })
    await begins('fipa-contract-net', 'cfp', ['bob', 'cat', 'dan', 'eve'], { propose: [[{ act: 'accept-proposal' }]] }, 300)
    await conversation(
      'ann cfp → bob', 'ann cfp → cat', 'ann cfp → dan', 'ann cfp → eve', 'bob propose → ann', 'ann accept-proposal → bob',
      'bob inform → ann', 'cat refuse → ann', 'dan refuse → ann', 'eve failure → ann')
  })

  it('follow Iterated Contract Net through a second round', async () => {
    await agent('bob', { 'cfp': [[{ act: 'propose' }], [{ act: 'propose' }]], 'accept-proposal': [[{ act: 'inform' }]] })
    await begins('fipa-iterated-contract-net', 'cfp', ['bob'], { propose: [[{ act: 'cfp' }], [{ act: 'accept-proposal' }]] })
    await conversation(
      'ann cfp → bob', 'bob propose → ann', 'ann cfp → bob', 'bob propose → ann', 'ann accept-proposal → bob', 'bob inform → ann')
  })

  it('hear of what is out of turn, which reaches nobody', async () => {
    await agent('bob', { request: [[{ act: 'propose' }, { act: 'inform' }, { act: 'inform' }]] })
    await begins('fipa-request', 'request', ['bob'])
    await conversation('ann request → bob', 'ann not-understood → bob', 'bob inform → ann', 'ann not-understood → bob')
  })
})
