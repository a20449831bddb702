import { createHash } from 'node:crypto'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { AgentState, isCaxtonError, type InspectAgentResponse } from '../../../kernel/contract/index.js'
import { echoModule, hostileModule } from '../../support/hostile-modules.js'
import { codeOf, type ManifestDraft, type ServerClient } from '../../support/server-client.js'
import { NotStarted, ServerProcess, type ServerChoices } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'
import { unprivileged } from '../../support/unprivileged.js'
import { until } from '../../support/until.js'
import { agentText, assemble } from '../../support/wasm/assemble.js'

const SETS = ['agents.shards=1', 'agents.restart_delay=5ms']
const CONFIGURATION = 78
const AT_ONCE = 4
const DEPLOYMENTS = 60
const ACKNOWLEDGED = 25

/** What must be the same before and after: all that the operator decided, and the module. */
const lasting = ({ agent, permissions, limits }: InspectAgentResponse): unknown =>
  ({ name: agent?.name, module: agent?.module, deployedAt: agent?.deployedAt, permissions, limits })

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const moduleOf = (serial: number): Promise<Uint8Array> => assemble(agentText({ more: `(data (i32.const 16) "${serial}")` }))
const manifestOf = (serial: number): ManifestDraft => ({
  configuration: Buffer.from(`{"serial":${serial}}`),
  permissions: serial % 2 === 0 ? ['send', 'log'] : [],
  limits: { fuelPerMessage: BigInt(1_000_000 + serial), memoryBytes: BigInt((serial % 4 + 1) * 65_536) },
})

describe('Recovery of a server', function () {
  this.timeout(60_000)
  let folder: TemporaryFolder
  const servers: ServerProcess[] = []

  beforeEach(() => { folder = new TemporaryFolder() })
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.kill()
    folder.remove()
  })

  const started = async (choices: ServerChoices = {}): Promise<ServerProcess> => {
    const server = await ServerProcess.start({ dataFolder: folder.path, sets: SETS, ...choices })
    servers.push(server)
    return server
  }

  const refusal = async (choices: ServerChoices = {}): Promise<NotStarted> => {
    try {
      await started(choices)
    } catch (error) {
      if (error instanceof NotStarted) return error
      throw error
    }
    throw new Error('the server started')
  }

  describe('after kill -9', () => {
    it('brings back every agent whose deployment was acknowledged, with its module and manifest', async () => {
      const server = await started()
      const acknowledged = new Map<string, { readonly seen: unknown, readonly sha: string }>()
      const client = server.client()
      await client.deploy('echo', await echoModule())
      const talk = talkingTo(client)
      let next = 0
      const deployer = async (): Promise<void> => {
        while (next < DEPLOYMENTS) {
          const serial = next++
          const module = await moduleOf(serial)
          const { agent } = await client.deploy(`agent-${serial}`, module, manifestOf(serial))
          acknowledged.set(`agent-${serial}`, { seen: agent?.module, sha: sha256(module) })
          if (acknowledged.size === ACKNOWLEDGED) await server.kill()
        }
      }
      await Promise.allSettled(Array.from({ length: AT_ONCE }, deployer))
      expect(await talk.stop()).to.be.above(0)
      expect(acknowledged.size).to.be.within(ACKNOWLEDGED, DEPLOYMENTS - 1)

      const again = (await started()).client()
      for (const [name, { seen, sha }] of acknowledged) {
        const serial = Number(name.slice('agent-'.length))
        const found = await again.inspect(name)
        const { permissions, limits } = manifestOf(serial)
        expect(found.agent, name).to.include({ state: AgentState.RUNNING, quarantined: false, module: sha })
        expect(seen).to.equal(sha)
        expect(found.limits).to.include(limits)
        expect(found.permissions).to.include.members([...permissions ?? []])
        await again.ask(name, {}, 100).catch(() => {})
        expect((await again.agent(name)).messagesHandled).to.equal(1n)
      }
      for (const { name, state } of await again.list()) expect(state, name).to.equal(AgentState.RUNNING)
      expect((await again.ask('echo')).performative).to.equal('inform')
    })

    it('leaves stopped agents stopped, quarantined ones quarantined, and removed ones away', async () => {
      const server = await started()
      const client = server.client()
      const echo = await echoModule()
      for (const name of ['runs', 'stops', 'goes']) await client.deploy(name, echo)
      await client.deploy('traps', await hostileModule('traps'))
      await client.stop('stops')
      await client.remove('goes')
      await until(async () => {
        await client.ask('traps').catch(() => {})
        return (await client.agent('traps')).quarantined
      })
      const before = await Promise.all(['runs', 'stops', 'traps'].map(name => client.inspect(name)))
      await server.kill()

      const again = (await started()).client()
      expect((await again.list()).map(({ name, state, quarantined }) => ({ name, state, quarantined }))).to.deep.equal([
        { name: 'runs', state: AgentState.RUNNING, quarantined: false },
        { name: 'stops', state: AgentState.STOPPED, quarantined: false },
        { name: 'traps', state: AgentState.FAILED, quarantined: true },
      ])
      const after = await Promise.all(['runs', 'stops', 'traps'].map(name => again.inspect(name)))
      expect(after.map(lasting)).to.deep.equal(before.map(lasting))
      expect(await codeOf(again.ask('stops'))).to.equal('AGENT_NOT_RUNNING')
      await again.start('stops')
      expect((await again.ask('stops')).performative).to.equal('inform')
      await again.start('traps')
      expect(await again.agent('traps')).to.include({ state: AgentState.RUNNING, quarantined: false })
    })

    it('keeps what it has over an orderly stop, too', async () => {
      const server = await started()
      await server.client().deploy('echo', await echoModule())
      expect(await server.stop()).to.equal(0)
      expect((await (await started()).client().ask('echo')).performative).to.equal('inform')
    })
  })

  describe('with one data directory', () => {
    it('refuses a second server, naming the process of the first, which goes on', async () => {
      const first = await started()
      const { code, output } = await refusal()
      expect(code).to.equal(CONFIGURATION)
      expect(output).to.include('DATA_DIRECTORY_IN_USE').and.to.include(String(first.processId))
      expect((await first.client().status()).processId).to.equal(first.processId)
    })

    const stale: ReadonlyArray<readonly [what: string, text: string]> = [
      ['a process that is gone', '4194300 12345\n'],
      ['another process that has the number now', `${process.pid} 1\n`],
      ['nobody', 'not a number at all\n'],
      ['nothing', ''],
    ]
    for (const [what, text] of stale) {
      it(`starts over a pid file that names ${what}`, async () => {
        writeFileSync(folder.file('caxton.pid'), text)
        const server = await started()
        expect(readFileSync(folder.file('caxton.pid'), 'utf8')).to.match(new RegExp(`^${server.processId} `))
        expect(await server.stop()).to.equal(0)
        expect(existsSync(folder.file('caxton.pid'))).to.equal(false)
      })
    }
  })

  describe('with a broken data directory', () => {
    let sound: TemporaryFolder

    before(async () => {
      sound = new TemporaryFolder()
      const server = await ServerProcess.start({ dataFolder: sound.path, sets: SETS })
      await server.client().deploy('echo', await echoModule())
      expect(await server.stop()).to.equal(0)
    })

    after(() => { sound.remove() })

    const broken: ReadonlyArray<readonly [what: string, doIt: (file: string) => void, code: string]> = [
      ['is full of something else', file => { writeFileSync(file, Buffer.alloc(50_000, 'no database ')) }, 'STORE_FILE_CORRUPT'],
      ['was cut off', file => { truncateSync(file, 10_000) }, 'STORE_FILE_CORRUPT'],
      ['is empty', file => { truncateSync(file, 0) }, 'STORE_FILE_CORRUPT'],
      ['is gone', file => { rmSync(file) }, 'STORE_FILE_MISSING'],
      ['has holes', file => { writeFileSync(file, holed(readFileSync(file))) }, 'STORE_FILE_CORRUPT'],
    ]
    for (const [what, doIt, code] of broken) {
      it(`does not start when the database ${what}, and makes no new one`, async () => {
        cpSync(sound.path, folder.path, { recursive: true })
        doIt(folder.file('caxton.db'))
        const before = contents(folder.path)
        const error = await refusal()
        expect(error.code).to.equal(1)
        expect(error.output).to.include(code).and.to.include(folder.file('caxton.db'))
        expect(contents(folder.path)).to.deep.equal(before)
      })
    }

    it('does not start where no directory can be made', async () => {
      writeFileSync(folder.file('file'), '')
      const { code, output } = await refusal({ dataFolder: folder.file('file', 'data') })
      expect(code).to.equal(CONFIGURATION)
      expect(output).to.include('DATA_DIRECTORY_UNUSABLE').and.to.include(folder.file('file', 'data'))
    })

    it('does not start in a directory that it may not write to', async function () {
      const data = folder.file('data')
      mkdirSync(data)
      chmodSync(data, 0o555)
      chmodSync(folder.path, 0o755)
      const under = unprivileged()
      if (under === undefined) return this.skip()
      const { code, output } = await refusal({ dataFolder: data, under })
      expect(code).to.equal(CONFIGURATION)
      expect(output).to.include('DATA_DIRECTORY_UNUSABLE').and.to.include(data)
      expect(readdirSync(data)).to.deep.equal([])
    })
  })
})

/** Asks without a pause until stopped or until nobody answers; how often it was answered. */
function talkingTo (client: ServerClient): { stop (): Promise<number> } {
  let [isOver, answered] = [false, 0]
  const talk = (async (): Promise<void> => {
    while (!isOver) {
      try {
        await client.ask('echo')
        answered += 1
      } catch (error) {
        if (isCaxtonError(error)) return
        throw error
      }
    }
  })()
  return {
    stop: async () => {
      isOver = true
      await talk
      return answered
    },
  }
}

/** The same with the head of every page but the first overwritten. */
function holed (bytes: Buffer): Buffer {
  for (let page = 4_096; page < bytes.length; page += 4_096) bytes.fill(0xee, page, page + 200)
  return bytes
}

const contents = (folder: string): unknown =>
  readdirSync(folder).filter(name => name !== 'caxton.pid').sort().map(name => [name, sha256(readFileSync(`${folder}/${name}`))])
