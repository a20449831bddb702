import { expect } from 'chai'
import { isCaxtonError } from '../../../../kernel/contract/index.js'
import { ServerProcess } from '../../../support/server-process.js'
import { until } from '../../../support/until.js'

const BURST = 20
const PER_SECOND = 5

/** A real server under a load over gRPC, because only there calls come from many sides at once. */
describe('A rate limit under load', function () {
  this.timeout(60_000)
  let server: ServerProcess

  before(async () => {
    server = await ServerProcess.start({ sets: [`plugins.rate-limit.reads=${PER_SECOND}`, `plugins.rate-limit.reads_burst=${BURST}`] })
  })
  after(async () => { await server.stop() })

  it('admits what it allows and no more, and says when to come again', async () => {
    const clients = Array.from({ length: 4 }, () => server.client())
    const began = performance.now()
    const outcomes = await Promise.all(Array.from({ length: 400 }, async (_, number) =>
      await clients[number % clients.length]?.status().then(() => undefined, (error: unknown) => error)))
    const seconds = (performance.now() - began) / 1_000
    const admitted = outcomes.filter(outcome => outcome === undefined).length
    expect(admitted).to.be.at.least(BURST).and.at.most(BURST + Math.ceil(seconds * PER_SECOND))
    const refused = outcomes.filter(isCaxtonError)
    expect(refused).to.have.length(400 - admitted)
    for (const { code, details } of refused) {
      expect(code).to.equal('RATE_LIMITED')
      expect('retryAfter' in details && Number(details.retryAfter)).to.be.within(1, 1_000 / PER_SECOND)
    }
    await until(async () => await clients[0]?.status().then(() => true, () => false) === true)
  })
})
