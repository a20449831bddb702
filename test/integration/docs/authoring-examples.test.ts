import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { CAXTON, runProcess, type Ended } from '../../support/command/run-process.js'
import { blocksOf, REPOSITORY, textOf, type Block } from '../../support/docs/markdown.js'
import { ServerProcess } from '../../support/server-process.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'

const run = promisify(execFile)
const BASE = '[plugins.engine-wasm]\n[plugins.store-sqlite]\n[plugins.identity-files]\n[plugins.protocol-request]\n[plugins.api-grpc]\n'

/** What plugins/AUTHORING.md shows, written out as its reader would, compiled, and run by the real server. */
describe('The examples of plugins/AUTHORING.md', function () {
  this.timeout(60_000)
  const folder = new TemporaryFolder()
  const blocks = blocksOf(textOf('plugins/AUTHORING.md'))
  const home = folder.file('node_modules', '@acme', 'caxton-admission-maintenance')
  const isOfPackage = ({ file }: Block): boolean =>
    /^(src|proto|test)\/|^(package|tsconfig)\.json$|^buf\.gen\.yaml$|^generate\.sh$/.test(file)

  before(async () => {
    mkdirSync(path.join(home, 'node_modules'), { recursive: true })
    symlinkSync(REPOSITORY, folder.file('node_modules', 'caxton-server'))
    symlinkSync(REPOSITORY, path.join(home, 'node_modules', 'caxton-server'))
    symlinkSync(path.join(REPOSITORY, 'node_modules', '@bufbuild'), folder.file('node_modules', '@bufbuild'))
    // What `npm install` of the tools would put there.
    symlinkSync(path.join(REPOSITORY, 'node_modules', '.bin'), path.join(home, 'node_modules', '.bin'))
    for (const block of blocks) {
      if (block.file === '') continue
      const file = path.join(isOfPackage(block) ? home : folder.path, block.file)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, file.endsWith('.toml') ? `${BASE}${block.text}` : block.text)
    }
    await run('sh', ['-e', 'generate.sh'], { cwd: home })
    const compiler = path.join(REPOSITORY, 'node_modules', 'typescript', 'bin', 'tsc')
    await run(process.execPath, [compiler, '-p', '.'], { cwd: home })
  })

  after(() => { folder.remove() })

  const serverOf = (file: string): Promise<ServerProcess> =>
    ServerProcess.start({ environment: { CAXTON_CONFIG: folder.file(file), CAXTON_NODE__DATA_DIR: folder.file(`data-${file}`) } })

  const caxton = (server: ServerProcess, file: string, ...words: string[]): Promise<Ended> =>
    runProcess(process.execPath, [CAXTON, '--server', server.address, ...words], { environment: { CAXTON_CONFIG: folder.file(file) } })

  it('all have a name, by which they are written out', () => {
    expect(blocks.filter(({ file }) => file === '')).to.deep.equal([])
  })

  it('load as a plugin in plain JavaScript, which does what its summary says', async () => {
    const server = await serverOf('read-only.toml')
    try {
      expect((await caxton(server, 'read-only.toml', 'plugins', 'list')).stdout).to.match(/^read-only +ready +experimental/m)
      const refused = await caxton(server, 'read-only.toml', 'agents', 'remove', 'echo')
      expect(refused.code).to.equal(7)
      expect(refused.stderr).to.contain('RATE_LIMITED')
    } finally {
      await server.stop()
    }
  })

  it('compile to a package whose operation, command, error and memory work', async () => {
    const file = 'maintenance.toml'
    let server = await serverOf(file)
    try {
      expect((await caxton(server, file, 'agents', 'remove', 'echo')).code).to.equal(3)
      expect(await caxton(server, file, 'maintenance', 'turn', 'on')).to.deep.equal(
        { code: 0, stdout: 'maintenance  on\n', stderr: '' })
      const again = await caxton(server, file, 'maintenance', 'turn', 'on')
      expect({ code: again.code, told: again.stderr.includes('maintenance is already on') }).to.deep.equal({ code: 7, told: true })
      await server.stop()
      server = await serverOf(file)
      const refused = await caxton(server, file, 'agents', 'remove', 'echo')
      expect({ code: refused.code, told: refused.stderr.includes('maintenance is under way') }).to.deep.equal({ code: 7, told: true })
      expect((await caxton(server, file, 'server', 'status')).stdout).to.contain('maintenance: changes are refused')
      expect((await caxton(server, file, 'explain', 'MAINTENANCE_UNCHANGED')).code).to.equal(0)
    } finally {
      await server.stop()
    }
  })

  it('run a conformance kit with the test runner of Node', async () => {
    const { stdout } = await run(process.execPath, ['--test', 'store.test.mjs'], { cwd: folder.path })
    expect(stdout).to.match(/fail 0/).and.not.match(/pass 0/)
  })

  it('pass the kit for plugins, with the test runner of Node', async () => {
    const { stdout } = await run(process.execPath, ['--test'], { cwd: home })
    expect(stdout).to.match(/fail 0/).and.match(/pass 2\d/)
  })
})
