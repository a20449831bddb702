import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { AgentState } from '../../../kernel/contract/index.js'
import { echoModule } from '../../support/hostile-modules.js'
import { codeOf } from '../../support/server-client.js'
import { NotStarted, ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'
import { agentText, assemble } from '../../support/wasm/assemble.js'

const KIB = 1024
const SETS = ['agents.shards=1']
const MOST = 100

const system = (program: string, words: readonly string[]): unknown => execFileSync(program, words, { stdio: 'ignore' })

/** An agent of about so many bytes, which compress badly and differ. */
const large = (serial: number, bytes: number): Promise<Uint8Array> =>
  assemble(agentText({ memory: '(memory (export "memory") 4)', more: `(data (i32.const 1024) "${String(serial).padStart(bytes, 'x')}")` }))

describe('A server on a full disk', function () {
  this.timeout(60_000)
  let disk: TemporaryFolder
  let server: ServerProcess | undefined

  before(function () {
    disk = new TemporaryFolder()
    try {
      system('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'caxton-test', disk.path])
    } catch {
      process.stdout.write('        no file system can be mounted here: only root may\n')
      this.skip()
    }
  })

  after(async () => {
    await server?.kill()
    try {
      system('umount', [disk.path])
    } catch { /* It was never mounted. */ }
    disk.remove()
  })

  const filler = (): string => disk.file('filler')

  /** Takes all the room that is left. */
  const fill = (): void => {
    for (let bytes = 4_096 * KIB; bytes >= KIB; bytes /= 2) {
      try {
        writeFileSync(filler(), Buffer.alloc(bytes), { flag: 'a' })
      } catch { /* The next, smaller piece may fit. */ }
    }
  }

  it('does not begin a database that does not fit', async () => {
    fill()
    const error: unknown = await ServerProcess.start({ dataFolder: disk.path, sets: SETS }).catch((cause: unknown) => cause)
    rmSync(filler())
    expect(error).to.be.instanceOf(NotStarted)
    if (!(error instanceof NotStarted)) return
    expect(error.code).to.be.oneOf([1, 78])
    expect(error.output).to.match(/DATA_DIRECTORY_UNUSABLE|STORE_FULL/).and.to.match(/ENOSPC|full|no space/i)
  })

  it('refuses deployments that do not fit, and goes on', async () => {
    writeFileSync(disk.file('ballast'), Buffer.alloc(512 * KIB))
    server = await ServerProcess.start({ dataFolder: disk.path, sets: SETS })
    const client = server.client()
    await client.deploy('echo', await echoModule())
    const kept: string[] = []
    let refused = ''
    for (let serial = 0; refused === '' && serial < MOST; serial++) {
      const name = `large-${serial}`
      const outcome = await client.deploy(name, await large(serial, 150 * KIB)).then(() => '', codeFrom)
      if (outcome === '') kept.push(name)
      else refused = outcome
    }
    expect(refused).to.equal('STORE_FULL')
    expect(kept).to.not.deep.equal([])
    expect((await client.list()).map(({ name }) => name)).to.deep.equal(['echo', ...kept].sort())
    expect((await client.ask('echo')).performative).to.equal('inform')
    expect((await client.status()).processId).to.equal(server.processId)
    await server.kill()

    fill()
    server = await ServerProcess.start({ dataFolder: disk.path, sets: SETS }).catch((error: unknown) => {
      expect(error).to.be.instanceOf(NotStarted).with.property('output').that.matches(/DATA_DIRECTORY_UNUSABLE|STORE_FULL/)
      return undefined
    })
    await server?.kill()
    expect(existsSync(disk.file('caxton.db'))).to.equal(true)
    rmSync(filler())
    rmSync(disk.file('ballast'))

    server = await ServerProcess.start({ dataFolder: disk.path, sets: SETS })
    const again = server.client()
    for (const { name, state } of await again.list()) expect(state, name).to.equal(AgentState.RUNNING)
    expect((await again.list()).map(({ name }) => name)).to.deep.equal(['echo', ...kept].sort())
    for (const name of kept) await again.remove(name)
    expect(await codeOf(again.inspect(kept[0] ?? ''))).to.equal('AGENT_NOT_FOUND')
    expect((await again.deploy('large', await large(MOST, 150 * KIB))).changed).to.equal(true)
    expect(await server.stop()).to.equal(0)
    server = undefined
  })
})

const codeFrom = (error: unknown): string => error instanceof Error && 'code' in error ? String(error.code) : String(error)
