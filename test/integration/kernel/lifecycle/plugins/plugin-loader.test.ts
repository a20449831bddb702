import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { token } from '../../../../../kernel/contract/index.js'
import { readPluginTables } from '../../../../../kernel/lifecycle/configuration/plugin-tables.js'
import type { Problem } from '../../../../../kernel/lifecycle/configuration/problem.js'
import { parseToml } from '../../../../../kernel/lifecycle/configuration/toml-file.js'
import { PluginHost } from '../../../../../kernel/lifecycle/plugins/plugin-host.js'
import { loadPlugins, type LoadedPlugins } from '../../../../../kernel/lifecycle/plugins/plugin-loader.js'
import { builtInNames } from '../../../../../kernel/lifecycle/plugins/plugin-location.js'
import { entryOf } from '../../../../support/plugin-entries.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

const root = fileURLToPath(new URL('../../../../../../', import.meta.url))
const fixtures = path.join(root, 'test', 'fixtures', 'plugins')
const store = { id: 'caxton/store@1', need: 'one', scoped: true } as const

describe('loading plugins', () => {
  let folder: string

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'caxton-plugins-'))
    await cp(fixtures, folder, { recursive: true })
    await writeFile(path.join(folder, 'package.json'), '{"type":"module"}')
    await writeFile(path.join(folder, 'syntax-error.js'), 'const x = {')
  })

  after(async () => { await rm(folder, { recursive: true, force: true }) })

  /** Puts a package into the configuration's `node_modules`, or into another folder. */
  async function install (
    name: string, description: object, files: Readonly<Record<string, string>>, into = folder,
  ): Promise<void> {
    const home = path.join(into, 'node_modules', name)
    for (const [file, text] of Object.entries({ 'package.json': JSON.stringify(description), ...files })) {
      await mkdir(path.dirname(path.join(home, file)), { recursive: true })
      await writeFile(path.join(home, file), text)
    }
  }

  const ownPlugins = path.join(root, 'dist', 'plugins')

  function load (toml: string, packageRoot = root, builtInFolder = ownPlugins): Promise<LoadedPlugins> {
    const problems: Problem[] = []
    const tables = readPluginTables(parseToml(Buffer.from(toml), 'x.toml', problems),
      { path: 'plugins', folder, phase: 'configure', problems })
    expect(problems).to.deep.equal([])
    return loadPlugins(tables, { builtInFolder, folder, packageRoot })
  }

  const face = (name: string, more = ''): string =>
    `export default { name: '${name}', summary: 'S.', stability: 'stable', contract: '^1.0', ${more}
      register: () => undefined }`

  it('runs one in plain JavaScript that imports nothing of Caxton', async () => {
    const { entries, problems } = await load('[hello]\nuse = "./plain.mjs"\ngreeting = "good evening"')
    expect(problems).to.deep.equal([])
    expect(entries[0]?.config).to.deep.equal({ greeting: 'good evening', wait: 1000 })
    const greeter = token<{ greet (): string }>('acme/greeter@1')
    const heard: unknown[] = []
    const host = new PluginHost({
      entries: [...entries, entryOf('keeper', { provides: [store],
        gives: { [store.id]: { scopeFor: (name: string) => ({ name: `store of ${name}` }) } } }),
        entryOf('listener', { needs: [greeter], register: registration => {
          heard.push(registration.get(greeter).greet())
          return undefined
        } })],
      clock: new VirtualClock(), log: () => new RecordingLogger(), timeouts: { start: 1000, drain: 1000, stop: 1000 },
    })
    await host.start(new AbortController().signal)
    expect(heard).to.deep.equal(['good evening from hello, store of hello'])
    await host.stop()
  })

  for (const [file, code, text, remedy] of [
    ['throws-on-import', 'PLUGIN_IMPORT_FAILED', 'threw while it was imported', ''],
    ['misses-its-import', 'PLUGIN_IMPORT_FAILED', 'threw while it was imported', 'one of its own'],
    ['syntax-error', 'PLUGIN_IMPORT_FAILED', 'threw while it was imported', ''],
    ['no-default-export', 'PLUGIN_MALFORMED', 'no plugin as default export', ''],
    ['old-contract', 'PLUGIN_CONTRACT', 'wants plugin contract ^0.9, this Caxton has 1.', ''],
    ['reserved-key', 'PLUGIN_MALFORMED', 'config.enabled uses a name that is the kernel\'s', ''],
    ['is-not-there', 'PLUGIN_NOT_FOUND', 'is-not-there.js', 'relative to the configuration file'],
    ['asks-for-network', 'PRIVILEGE_DENIED', 'asks for "net.dial", "net.listen"',
      'plugins.it.allow = ["net.dial", "net.listen"]'],
  ] as const) {
    it(`reports the one that is ${file}`, async () => {
      const { entries, problems } = await load(`[it]\nuse = "./${file}.js"`)
      const all = [...problems, ...entries.flatMap(entry => entry.problems ?? [])]
      expect(all.map(problem => [problem.code, problem.instance, problem.path]))
        .to.deep.equal([[code, 'it', 'plugins.it']])
      expect(all[0]?.message).to.contain(text)
      expect(all[0]?.remedy).to.contain(remedy)
    })
  }

  it('shows why a module threw', async () => {
    const { problems } = await load('[it]\nuse = "./throws-on-import.js"')
    expect(problems[0]?.causes).to.deep.equal(['no libquiche on this machine'])
  })

  it('reports every wrong field of a plugin at once', async () => {
    const { problems } = await load('[it]\nuse = "./wrong-fields.js"')
    expect(problems.map(({ message }) => message)).to.deep.equal([
      '"./wrong-fields.js" is not a Caxton plugin: summary must be one sentence',
      '"./wrong-fields.js" is not a Caxton plugin: need is not a field of a plugin (did you mean "needs"?)',
    ])
  })

  it('reports all problems of all plugins, and marks those of optional ones', async () => {
    const { entries, problems } = await load(`
      [a]
      use = "./throws-on-import.js"
      optional = true
      [b]
      use = "./asks-for-network.js"
      allow = ["net.dial"]
      port = 1
      [c]
      use = "./plain.mjs"
      wait = "long"
      enabeld = true
      [d]
      use = "./old-contract.js"
      enabled = false`)
    const all = [...problems, ...entries.flatMap(entry => entry.problems ?? [])]
    expect(all.map(({ instance, code, ignored, path: at }) => `${instance} ${code} ${ignored} ${at}`)).to.deep.equal([
      'a PLUGIN_IMPORT_FAILED true plugins.a', 'b PRIVILEGE_DENIED false plugins.b',
      'b CONFIG_UNKNOWN_KEY false plugins.b.port',
      'c CONFIG_UNKNOWN_KEY false plugins.c.enabeld', 'c CONFIG_INVALID false plugins.c.wait'])
    expect(all[1]?.remedy).to.contain('plugins.b.allow = ["net.dial", "net.listen"]')
    expect(all[3]?.message).to.contain('did you mean "enabled"?')
  })

  describe('from packages', () => {
    it('finds them from the configuration\'s folder first, then from Caxton\'s own', async () => {
      const caxton = path.join(folder, 'caxton')
      await install('@acme/login', { exports: './index.js', type: 'module' }, { 'index.js': face('from-caxton') },
        caxton)
      await install('@acme/extra', { exports: './index.js', type: 'module' }, { 'index.js': face('extra') }, caxton)
      await install('@acme/login', { exports: './index.js', type: 'module' }, { 'index.js': face('from-folder') })
      const { entries } = await load('[login]\nuse = "@acme/login"\n[extra]\nuse = "@acme/extra"', caxton)
      expect(entries.map(({ plugin }) => plugin.name)).to.deep.equal(['from-folder', 'extra'])
    })

    it('finds their entry as Node does', async () => {
      const module = { type: 'module' }
      await install('by-main', { main: 'lib/it', ...module }, { 'lib/it.js': face('by-main') })
      await install('by-nothing', module, { 'index.js': face('by-nothing') })
      await install('by-condition', { exports: { '.': { require: './no.cjs', import: { node: './yes.js' } } },
        ...module }, { 'yes.js': face('by-condition') })
      await install('by-subpath', { exports: { './plugins/*': './lib/*.js' }, ...module },
        { 'lib/x.js': face('by-subpath') })
      await install('by-commonjs', { main: 'it.js' },
        { 'it.js': `${face('by-commonjs').replace('export default', 'exports.default =')}; exports.__esModule = true` })
      const { entries, problems } = await load(
        '[by-main]\n[by-nothing]\n[by-condition]\n[by-commonjs]\n[by-subpath]\nuse = "by-subpath/plugins/x"')
      expect(problems).to.deep.equal([])
      expect(entries.map(({ plugin }) => plugin.name))
        .to.deep.equal(['by-main', 'by-nothing', 'by-condition', 'by-commonjs', 'by-subpath'])
    })

    it('does not follow an entry that leads out of the package', async () => {
      await install('outward', { exports: '../../plain.mjs', type: 'module' }, {})
      const { problems } = await load('[outward]')
      expect(problems.map(({ code }) => code)).to.deep.equal(['PLUGIN_NOT_FOUND'])
    })

    it('says that one is TypeScript only, whether its entry is TypeScript or was never compiled', async () => {
      await install('ts-entry', { exports: './src/index.ts' }, { 'src/index.ts': 'export default {}' })
      await install('ts-uncompiled', { main: './dist/index.js' }, { 'src/index.ts': 'export default {}' })
      const { problems } = await load('[ts-entry]\n[ts-uncompiled]')
      expect(problems.map(({ code }) => code)).to.deep.equal(['PLUGIN_NOT_JAVASCRIPT', 'PLUGIN_NOT_JAVASCRIPT'])
    })

    it('names where it looked, the built-in plugins and the nearest of them', async () => {
      const { problems: [problem] } = await load('[store-sqlitte]')
      expect(problem?.code).to.equal('PLUGIN_NOT_FOUND')
      expect(problem?.message).to.contain(folder).and.contain(root)
      expect(problem?.remedy).to.contain('store-sqlite').and.contain('did you mean "store-sqlite"?')
        .and.contain('npm install')
    })

    it('runs one that brings its own copy of the contract, decorators included', async () => {
      await install('with-copy', { type: 'module', exports: './index.js' }, {
        'index.js': `
          import { definePlugin, inject, injectable, ClockToken, PluginConfig,
            PluginContextToken } from './contract/index.js'
          export class Clockwork {
            constructor (clock, config, context) { Object.assign(this, { clock, config, context }) }
            async start () { this.context.log.info('copied ' + this.clock.elapsed() + ' ' + this.config.name.reveal()) }
          }
          injectable()(Clockwork)
          ;[ClockToken, PluginConfig, PluginContextToken].forEach((token, index) =>
            inject(token)(Clockwork, undefined, index))
          export default definePlugin({
            name: 'with-copy', summary: 'Has its own contract.', stability: 'beta', contract: '^1.0',
            needs: [ClockToken],
            config: { name: { doc: 'Name.', format: 'secret' } }, main: async () => Clockwork,
          })`,
      })
      await cp(path.join(root, 'dist', 'kernel', 'contract'),
        path.join(folder, 'node_modules', 'with-copy', 'contract'), { recursive: true })
      await cp(path.join(root, 'node_modules', '@bufbuild', 'protobuf'),
        path.join(folder, 'node_modules', '@bufbuild', 'protobuf'), { recursive: true })
      const { entries, problems } = await load('[with-copy]\nname = "x"')
      expect(problems).to.deep.equal([])
      const log = new RecordingLogger()
      const clock = new VirtualClock()
      const kernelClock = entryOf('kernel-clock', { provides: [{ id: 'caxton/clock@1', need: 'one', scoped: false }],
        gives: { 'caxton/clock@1': clock } })
      const host = new PluginHost({ entries: [kernelClock, ...entries], clock, log: () => log,
        timeouts: { start: 1000, drain: 1000, stop: 1000 } })
      expect(await host.start(new AbortController().signal)).to.deep.equal([])
      expect(log.lines.map(({ message }) => message)).to.include('copied 0 x')
      await host.stop()
    })
  })

  it('takes the built-in plugins from their folder, each by the name of its own', async () => {
    const builtIn = path.join(folder, 'built-in')
    await mkdir(path.join(builtIn, 'right'), { recursive: true })
    await mkdir(path.join(builtIn, 'wrong'), { recursive: true })
    await mkdir(path.join(builtIn, 'no-plugin'), { recursive: true })
    await writeFile(path.join(builtIn, 'right', 'plugin.js'), face('right', 'asks: ["net.listen"],'))
    await writeFile(path.join(builtIn, 'wrong', 'plugin.js'), face('other'))
    expect(await builtInNames(builtIn)).to.deep.equal(['right', 'wrong'])
    const { entries } = await load('[right]\n[second]\nuse = "right"\n[wrong]', root, builtIn)
    expect(entries.map(({ instance, builtIn: own, problems }) => [instance, own, problems?.map(({ code }) => code)]))
      .to.deep.equal([
      ['right', true, undefined], ['second', true, undefined], ['wrong', true, ['PLUGIN_MALFORMED']]])
  })
})
