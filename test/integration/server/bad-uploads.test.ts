import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MessageInitShape } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { Agents, isCaxtonError, type DeployRequestSchema } from '../../../kernel/contract/index.js'
import { BAD_MODULES, bombs } from '../../support/bad-modules.js'
import { echoModule } from '../../support/hostile-modules.js'
import { keptIn } from '../../support/kept.js'
import { codeOf, type ServerClient } from '../../support/server-client.js'
import { ServerProcess } from '../../support/server-process.js'
import { during } from '../../support/vigil.js'
import { agentText, assemble } from '../../support/wasm/assemble.js'

type Part = MessageInitShape<typeof DeployRequestSchema>

const MIB = 1024 * 1024
/** How long a refusal may take, in milliseconds. */
const BOUND = 5_000
/** How long others may wait meanwhile, in milliseconds. */
const NEIGHBOUR_BOUND = 1_000

interface Refusal { readonly code: string, readonly message: string }

describe('Bad uploads', function () {
  this.timeout(30_000)
  let dataFolder: string
  let server: ServerProcess
  let client: ServerClient
  let uploader: ServerClient

  before(async () => {
    dataFolder = mkdtempSync(join(tmpdir(), 'caxton-uploads-'))
    server = await ServerProcess.start({ dataFolder, tellsMemory: true, sets: ['agents.shards=1', 'plugins.api-grpc.call_timeout=2s'] })
    client = server.client()
    uploader = server.client()
    await client.deploy('neighbour', await echoModule())
  })

  after(async () => {
    expect(await server.stop()).to.equal(0)
    expect(keptIn(dataFolder, 'agents')).to.deep.equal(['neighbour'])
    expect(keptIn(dataFolder, 'modules')).to.have.length(1)
    rmSync(dataFolder, { recursive: true })
  })

  afterEach(async () => {
    expect((await client.list()).map(({ name }) => name)).to.deep.equal(['neighbour'])
    expect((await client.ask('neighbour')).performative).to.equal('inform')
  })

  const refusalOf = async (work: Promise<unknown>): Promise<Refusal> => {
    const began = performance.now()
    try {
      await work
    } catch (error) {
      expect(performance.now() - began).to.be.below(BOUND)
      if (isCaxtonError(error)) return { code: error.code, message: error.message }
      throw error
    }
    throw new Error('it was not refused')
  }

  for (const { what, bytes, code, names } of BAD_MODULES) {
    it(`refuses ${what}`, async () => {
      const module = await bytes()
      const refusal = await refusalOf(uploader.deploy('bad', module))
      expect(refusal).to.include({ code })
      expect(refusal.message).to.match(names)
    })
  }

  it('compiles the dearest module that it accepts in time, without anybody noticing', async () => {
    const module = await assemble(agentText({ more: bombs(15) }))
    const noticed = await during(client, 'neighbour', async () => {
      const began = performance.now()
      await uploader.deploy('dear', module)
      process.stdout.write(`        ${module.length} bytes compiled in ${Math.round(performance.now() - began)} ms\n`)
      expect(performance.now() - began).to.be.below(BOUND)
    })
    await uploader.remove('dear')
    expect(noticed.failures).to.deep.equal([])
    expect(noticed.slowestAsk).to.be.below(NEIGHBOUR_BOUND)
    expect(noticed.slowestStatus).to.be.below(NEIGHBOUR_BOUND)
  })

  it('does not grow by what it refuses', async () => {
    const modules = await Promise.all(BAD_MODULES.map(async ({ bytes }) => bytes()))
    const round = async (): Promise<void> => {
      for (const module of modules) await codeOf(uploader.deploy('bad', module))
    }
    await round()
    const before = await server.resident()
    const noticed = await during(client, 'neighbour', async () => {
      for (let count = 0; count < 5; count++) await round()
    })
    expect(noticed.failures).to.deep.equal([])
    expect(noticed.slowestStatus).to.be.below(NEIGHBOUR_BOUND)
    expect(await server.resident() - before).to.be.below(64 * MIB)
  })

  const manifest = (name = 'bad'): Part => ({ part: { case: 'manifest', value: { name } } })
  const chunk = (bytes: number): Part => ({ part: { case: 'chunk', value: new Uint8Array(bytes) } })
  const upload = (parts: () => AsyncGenerator<Part>): Promise<unknown> =>
    uploader.connector.clientStream(Agents.method.deploy, parts())

  it('stops listening to a client that sends a module without end', async () => {
    let sent = 0
    const refusal = await refusalOf(upload(async function * () {
      yield manifest()
      for (; sent < 4_096 * MIB; sent += MIB) yield chunk(MIB)
    }))
    expect(refusal.code).to.equal('MODULE_TOO_LARGE')
    expect(sent).to.be.below(64 * MIB)
  })

  it('ends the call of a client that sends nothing without end', async () => {
    const flood = (): Promise<unknown> => codeOf(upload(async function * () {
      yield manifest()
      for (;;) yield chunk(0)
    }))
    expect(await flood()).to.equal('CALL_TIMEOUT')
    // The first flood warms up; during and after a second one, whatever grows is kept of it.
    const before = await server.memoryInUse()
    let isOver = false
    const second = flood().finally(() => { isOver = true })
    let most = 0
    while (!isOver) most = Math.max(most, await server.memoryInUse())
    expect(await second).to.equal('CALL_TIMEOUT')
    expect(most - before).to.be.below(4 * MIB)
    expect(await server.memoryInUse() - before).to.be.below(4 * MIB)
  })

  it('ends the call of a client that falls silent in the middle', async () => {
    const refusal = await refusalOf(upload(async function * () {
      yield manifest()
      yield chunk(1_000)
      await new Promise(resolve => { setTimeout(resolve, 2_500) })
    }))
    expect(refusal.code).to.equal('CALL_TIMEOUT')
  })

  it('forgets what a client had sent before it went away', async () => {
    const leaving = new AbortController()
    const stream = uploader.connector.clientStream(Agents.method.deploy, (async function * (): AsyncGenerator<Part> {
      yield manifest()
      yield chunk(1_000)
      leaving.abort()
    })(), leaving.signal)
    expect(await codeOf(stream)).to.be.oneOf(['CALL_ABANDONED', 'CONNECTION_LOST'])
  })

  const orders: ReadonlyArray<readonly [what: string, parts: () => AsyncGenerator<Part>, setting: RegExp]> = [
    ['no manifest', async function * () { yield chunk(8) }, /manifest.*missing/],
    ['two manifests', async function * () { yield manifest(); yield manifest('other') }, /manifest.*twice/],
    ['nothing at all', async function * () { yield * [] }, /manifest.*missing/],
    ['a part that is neither', async function * () { yield {} }, /manifest.*missing/],
  ]
  for (const [what, parts, setting] of orders) {
    it(`refuses an upload with ${what}`, async () => {
      const refusal = await refusalOf(upload(parts))
      expect(refusal.code).to.equal('MANIFEST_INVALID')
      expect(refusal.message).to.match(setting)
    })
  }
})
