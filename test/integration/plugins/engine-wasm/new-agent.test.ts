import { expect } from 'chai'
import { spawnSync } from 'node:child_process'
import {
  mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommandContext, RunCommand } from '../../../../kernel/contract/index.js'
import { makeFolder } from '../../../../kernel/command/new-folder.js'
import { newAgentErrors } from '../../../../plugins/engine-wasm/new-agent-errors.js'
import { newAgentCommand } from '../../../../plugins/engine-wasm/new-agent.js'
import { AgentHarness } from '../../../support/agent-harness.js'
import { ROOT } from '../../../support/compiled-agents.js'

type Tables = Record<string, Record<string, string>>

interface Printed { data?: unknown, said: string }

describe('caxton new agent', function () {
  this.timeout(60_000)
  let place: string
  let folder: string

  beforeEach(() => { place = folder = mkdtempSync(join(tmpdir(), 'caxton-new-')) })
  afterEach(() => { rmSync(place, { recursive: true, force: true }) })

  const make = async (...names: string[]): Promise<Printed> => {
    const printed: Printed = { said: '' }
    const context: CommandContext = {
      input: { arguments: { NAME: names }, options: {} },
      terminal: {
        output: 'human',
        interactive: false,
        table: () => expect.fail('no table'),
        record: (_, data) => { printed.data = data },
        item: () => expect.fail('no item'),
        say: sentence => { printed.said += sentence },
        progress: () => expect.fail('no progress'),
      },
      words: {
        duration: () => expect.fail('no duration'), wholeNumber: () => expect.fail('no number'), content: () => expect.fail('no content'),
      },
      connect: () => expect.fail('needs no server'),
      signal: new AbortController().signal,
      environment: {},
      clock: { now: () => 0, elapsed: () => 0, after: () => expect.fail('needs no time') },
      workingFolder: folder,
      makeFolder: wanted => makeFolder(wanted, folder),
    }
    const { run } = await import(newAgentCommand.module) as { run: RunCommand }
    expect(await run(context)).to.equal(0)
    return printed
  }

  const refusal = async (...names: string[]): Promise<unknown> => {
    try {
      await make(...names)
    } catch (error) {
      return error instanceof Error && 'code' in error ? error.code : error
    }
    return expect.fail('was not refused')
  }

  const read = (file: string): string => readFileSync(join(folder, 'clerk', file), 'utf8')
  const json = (file: string): Tables => JSON.parse(read(file)) as Tables

  it('makes a folder with the name filled in everywhere', async () => {
    await make('clerk')
    expect(readdirSync(folder)).to.deep.equal(['clerk'])
    const files = readdirSync(join(folder, 'clerk'))
    expect(files).to.have.members(
      ['.gitignore', 'README.md', 'asconfig.json', 'index.ts', 'package.json', 'tsconfig.json'])
    for (const file of files) expect(read(file), file).to.not.match(/\{\{|\}\}/)
    expect(json('package.json')).to.include({ name: 'clerk-agent' })
    expect(json('package.json')['scripts']?.['deploy']).to.include('build/clerk.wasm --name clerk')
  })

  it('depends on this Caxton by path, and on the compiler that Caxton itself uses', async () => {
    await make('clerk')
    const { dependencies, devDependencies } = json('package.json')
    const path = dependencies?.['caxton-server']?.replace(/^file:/, '') ?? ''
    expect(realpathSync(resolve(folder, 'clerk', path))).to.equal(realpathSync(ROOT))
    const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Tables
    expect(devDependencies?.['assemblyscript']).to.equal(own['devDependencies']?.['assemblyscript'])
  })

  it('says what to type next, and gives programs the path', async () => {
    const { data, said } = await make('clerk')
    expect(data).to.deep.equal({ name: 'clerk', folder: join(folder, 'clerk') })
    expect(said).to.include('cd clerk').and.include('npm install').and.include('npm run deploy')
  })

  it('makes an agent that builds with the files alone and greets', async () => {
    await make('clerk')
    const project = join(folder, 'clerk')
    mkdirSync(join(project, 'node_modules'))
    symlinkSync(realpathSync(ROOT), join(project, 'node_modules', 'caxton-server'))
    const asc = fileURLToPath(import.meta.resolve('assemblyscript/bin/asc.js'))
    const words = json('package.json')['scripts']?.['build']?.split(' ').slice(1) ?? []
    const build = spawnSync(process.execPath, [asc, ...words], { cwd: project, encoding: 'utf8' })
    expect(build.stderr).to.equal('')
    const agent = new AgentHarness(readFileSync(join(project, 'build', 'clerk.wasm')))
    expect(agent.start()).to.equal(0)
    expect(agent.logged).to.deep.equal([{ level: 1, text: 'clerk is here' }])
    expect(agent.ask({ content: '{"name":"Ada"}' }))
      .to.include({ act: 'inform', content: '{"greeting":"Hello, Ada!"}' })
    expect(agent.ask({ content: 'what?' }).act).to.equal('not-understood')
  })

  it('uses an empty folder of that name', async () => {
    mkdirSync(join(folder, 'clerk'))
    await make('clerk')
    expect(read('index.ts')).to.include('class Greeter')
  })

  it('refuses a folder with something in it, or a file, and leaves them alone', async () => {
    mkdirSync(join(folder, 'clerk'))
    writeFileSync(join(folder, 'clerk', 'notes'), 'mine')
    writeFileSync(join(folder, 'file'), 'mine')
    expect(await refusal('clerk')).to.equal('NEW_FOLDER_TAKEN')
    expect(await refusal('file')).to.equal('NEW_FOLDER_TAKEN')
    expect(readdirSync(folder)).to.have.members(['clerk', 'file'])
    expect(readdirSync(join(folder, 'clerk'))).to.deep.equal(['notes'])
  })

  for (const name of ['', '.', '..', '../up', 'a/b', 'Clerk', '-clerk', 'zwölf', 'a b', 'x'.repeat(65), 'a\n']) {
    it(`refuses the name ${JSON.stringify(name.slice(0, 10))}`, async () => {
      expect(await refusal(name)).to.equal('NEW_AGENT_NAME_INVALID')
      expect(readdirSync(folder)).to.have.length(0)
    })
  }

  it('says so when the place can not be written to', async () => {
    folder = join(folder, 'nowhere')
    expect(await refusal('clerk')).to.equal('NEW_FOLDER_NOT_WRITTEN')
  })

  it('declares its errors and is described for the help', () => {
    expect(newAgentErrors.map(({ code }) => code)).to.have.length(1)
    expect(newAgentCommand.path).to.deep.equal(['new', 'agent'])
    expect(newAgentCommand.examples).to.not.have.length(0)
  })
})
