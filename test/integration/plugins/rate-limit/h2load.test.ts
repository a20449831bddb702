import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { Server } from '../../../../kernel/contract/index.js'
import { ServerProcess } from '../../../support/server-process.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'
import { until } from '../../../support/until.js'

const BURST = 50
const PER_SECOND = 1
const CALLS = 500

/** nghttp2's load tool, which knows nothing of us: it sends as fast as it can, on several connections with several calls each. */
describe('A rate limit under h2load', function () {
  this.timeout(60_000)
  const folder = new TemporaryFolder()
  let server: ServerProcess

  before(async function () {
    // nghttp2-client is not everywhere: apt-get install nghttp2-client
    if (spawnSync('h2load', ['--version']).error !== undefined) this.skip()
    writeFileSync(folder.file('empty-message'), Buffer.alloc(5))
    server = await ServerProcess.start({ sets: [`plugins.rate-limit.reads=${PER_SECOND}`, `plugins.rate-limit.reads_burst=${BURST}`] })
  })
  after(async () => {
    await server?.stop()
    folder.remove()
  })

  it('answers every call, and admits what it allows and no more', async () => {
    const began = performance.now()
    const words = ['-n', String(CALLS), '-c', '4', '-m', '20', '-d', folder.file('empty-message'),
      '-H', 'content-type: application/grpc', '-H', 'te: trailers', `http://${server.address}/caxton.v1.Server/Status`]
    const said = await outputOf('h2load', words)
    const seconds = (performance.now() - began) / 1_000
    expect(said).to.contain(`${CALLS} done, ${CALLS} succeeded, 0 failed, 0 errored, 0 timeout`)
    const counts = await countsOf(server)
    expect(Object.keys(counts).sort()).to.deep.equal(['RATE_LIMITED', 'ok'])
    expect((counts['ok'] ?? 0) + (counts['RATE_LIMITED'] ?? 0)).to.equal(CALLS)
    expect(counts['ok']).to.be.at.least(BURST).and.at.most(BURST + Math.ceil(seconds * PER_SECOND))
  })
})

async function outputOf (program: string, words: readonly string[]): Promise<string> {
  const running = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 50_000 })
  let output = ''
  for await (const chunk of running.stdout) output += String(chunk)
  return output
}

/** How the calls of that operation ended. Asking is itself limited. */
async function countsOf (server: ServerProcess): Promise<Record<string, number>> {
  const { connector } = server.client()
  let counts: Record<string, number> = {}
  await until(async () => {
    const answer = await connector.unary(Server.method.metrics, { prefix: 'caxton_operations_total' }).catch(() => undefined)
    const samples = answer?.metrics[0]?.samples.filter(({ labels }) => labels['operation'] === 'caxton.v1.Server/Status') ?? []
    counts = Object.fromEntries(samples.map(({ labels, value }) => [labels['result'] ?? '', value]))
    return answer !== undefined
  })
  return counts
}
