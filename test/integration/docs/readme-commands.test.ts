import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { CAXTON } from '../../support/command/run-process.js'
import { blocksOf, REPOSITORY, textOf, typedLines } from '../../support/docs/markdown.js'
import { TemporaryFolder } from '../../support/temporary-folder.js'

const run = promisify(execFile)
const LAST_LINE = 'Ctrl-C stops the server.'

const withoutTime = (line: string): string => line.replace(/^ +\d+\.\d s/, '')

/** README.md as a newcomer follows it: its lines typed one after another, against the server that `npm start` starts. */
describe('The commands of README.md', function () {
  this.timeout(60_000)
  const folder = new TemporaryFolder()
  const lines = typedLines(textOf('README.md'))
  const shown: string[] = []
  let server: ChildProcess
  let address = ''

  before(async () => {
    // A stand-in for the clone, in which `npx caxton` is what was built here.
    mkdirSync(folder.file('node_modules', '.bin'), { recursive: true })
    symlinkSync(CAXTON, folder.file('node_modules', '.bin', 'caxton'))
    symlinkSync(path.join(REPOSITORY, 'examples'), folder.file('examples'))
    const words = ['scripts/start.mjs', '--set', 'plugins.api-grpc.port=0']
    server = spawn(process.execPath, words, {
      cwd: REPOSITORY, env: { ...process.env, CAXTON_DATA_DIR: folder.file('data') }, stdio: ['ignore', 'pipe', 'inherit'],
    })
    process.once('exit', () => { server.kill('SIGKILL') })
    for await (const line of createInterface({ input: server.stdout ?? expect.fail('no stdout') })) {
      shown.push(line)
      if (line.startsWith(LAST_LINE)) break
    }
    server.stdout?.resume()
    address = /its API is on (\S+)\.$/m.exec(shown.join('\n'))?.[1] ?? expect.fail(`no address in: ${shown.join('\n')}`)
  })

  after(async () => {
    if (server.exitCode === null) {
      server.kill('SIGTERM')
      await once(server, 'close')
    }
    folder.remove()
  })

  it('begin with npm start, which shows what README.md shows', () => {
    expect(lines[0]).to.equal('npm start')
    const [picture] = blocksOf(textOf('README.md')).filter(({ language }) => language === 'text')
    const quoted = picture?.text.split('\n').map(withoutTime) ?? []
    expect(quoted.filter(line => /[├┤]/.test(line))).to.have.length(10)
    // Sellers answer in any order.
    expect(shown.map(withoutTime)).to.include.members(quoted)
    expect(shown.filter(line => [...line].length > 80 && !line.startsWith('  npx caxton '))).to.deep.equal([])
  })

  it('and then work one after another, down to an agent of one\'s own', async () => {
    let place = folder.path
    let answer = ''
    for (const line of lines.slice(1)) {
      const [first, second = ''] = line.split(' ')
      if (first === 'cd') place = path.join(place, second)
      else if (line === 'npm install') linkPackages(place)
      else answer = await type(answer === '' ? line : line.replace(/^npx /, ''), place)
    }
    expect(path.basename(place)).to.equal('clerk')
    expect(answer).to.equal('clerk → inform  {"greeting":"Hello, Ada!"}\n')
    expect(textOf('README.md')).to.contain(answer.trim())
  })

  /** The first line goes through npx, which takes a second each time; after that, its folder of programs is on the path. */
  async function type (line: string, place: string): Promise<string> {
    const programs = path.join(folder.path, 'node_modules', '.bin')
    const environment = {
      ...process.env, CAXTON_SERVER: address, NO_COLOR: '1', PATH: [programs, process.env['PATH'] ?? ''].join(path.delimiter),
    }
    return (await run('sh', ['-c', line], { cwd: place, env: environment })).stdout
  }

  /** What `npm install` brings, without the registry. */
  function linkPackages (place: string): void {
    mkdirSync(path.join(place, 'node_modules', '.bin'), { recursive: true })
    symlinkSync(REPOSITORY, path.join(place, 'node_modules', 'caxton-server'))
    symlinkSync(CAXTON, path.join(place, 'node_modules', '.bin', 'caxton'))
    const packages = path.join(REPOSITORY, 'node_modules')
    for (const name of ['assemblyscript', 'binaryen', 'long', '.bin/asc']) {
      if (existsSync(path.join(packages, name))) symlinkSync(path.join(packages, name), path.join(place, 'node_modules', name))
    }
  }
})
