import assert from 'node:assert/strict'
import { existsSync, realpathSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ConfigKey, ConfigSchema, Plugin } from '../../../kernel/contract/index.js'
import type { KitPromise } from '../runner.js'
import { importCost } from './import-cost.js'
import { trialOf } from './stage.js'
import { isExplanation, isSentence, type PluginSubject } from './subject.js'

/** The folder of the compiled Caxton that this kit belongs to. */
const CAXTON = new URL('../../../', import.meta.url).href
/** Packages that a face may load: what it needs to describe itself. */
const ALLOWED = ['caxton-server', '@bufbuild/protobuf']
/** So that it fits a line of `caxton plugins list`. */
const LONGEST_SUMMARY = 140

async function faceOf (subject: PluginSubject): Promise<Plugin> {
  return (await trialOf(subject, '/')).plugin
}

/** The package in whose folder a file lies; empty for a file outside of every `node_modules`. */
const packageOf = (url: string): string => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? ''

/** Why a module is too much for the face of a plugin of the package `own`; undefined when it is not. */
function complaintAbout (loaded: string, own: string): string | undefined {
  const name = packageOf(loaded)
  if (name !== own && name !== '' && !ALLOWED.includes(name)) return `the package ${name}`
  const isKernel = loaded.startsWith(`${CAXTON}kernel/`) && !loaded.startsWith(`${CAXTON}kernel/contract/`)
  return isKernel ? `the server itself: ${loaded.slice(CAXTON.length)}` : undefined
}

/** Every key of a schema, those inside tables too, by its path. */
function keysOf (schema: ConfigSchema, path = ''): Array<readonly [path: string, key: ConfigKey]> {
  return Object.entries(schema).flatMap(([name, key]) => {
    const inner = typeof key.format === 'object' && 'mapOf' in key.format ? keysOf(key.format.mapOf, `${path}${name}.NAME.`) : []
    return [[`${path}${name}`, key] as const, ...inner]
  })
}

/** What a plugin says of itself, and what reading that costs. */
export const pluginFacePromises: ReadonlyArray<KitPromise<PluginSubject>> = [
  {
    name: 'is taken by a server: its fields, its contract, its configuration, what its class injects',
    test: async subject => {
      assert.deepEqual((await trialOf(subject, '/')).complaints, [])
    },
  },
  {
    name: 'costs nothing to import: no package, nothing open, nothing changed, and its work is loaded by main',
    test: async subject => {
      const { main, commands = [], connector } = await faceOf(subject)
      const { loaded, loadedByMain, open, added } = await importCost(subject.module)
      const own = packageOf(pathToFileURL(realpathSync(fileURLToPath(subject.module))).href)
      const complaints = new Set(loaded.map(file => complaintAbout(file, own)).filter(text => text !== undefined))
      assert.deepEqual([...complaints], [], 'importing it loads too much')
      const later = [...commands.map(({ module }) => module), ...connector === undefined ? [] : [connector]]
      assert.deepEqual(loaded.filter(file => later.includes(file)), [], 'what a command does is loaded before it runs')
      assert.ok(main === undefined || loadedByMain.length > 0, 'what main imports is loaded already before main is called')
      assert.deepEqual({ open, added }, { open: [], added: [] }, 'importing it does something')
    },
  },
  {
    name: 'has a name by its seam, and a summary that is one sentence for an operator',
    test: async subject => {
      const { name, summary } = await faceOf(subject)
      assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)+$/, `name ${name} is not <seam>-<how>`)
      assert.ok(isSentence(summary), `the summary is no sentence: ${summary}`)
      assert.ok(summary.length <= LONGEST_SUMMARY, `the summary has more than ${LONGEST_SUMMARY} letters`)
    },
  },
  {
    name: 'says of every key of its configuration what it is for, and bounds that hold together',
    test: async subject => {
      for (const [path, { doc, min, max, format }] of keysOf((await faceOf(subject)).config ?? {})) {
        assert.ok(isExplanation(doc), `${path} is described by no sentence: ${doc}`)
        assert.ok(min === undefined || max === undefined || min <= max, `${path} has a least value above its largest`)
        const isMeasured = ['integer', 'number', 'duration', 'bytes', 'port'].some(measured => measured === format)
        assert.ok(isMeasured || (min === undefined && max === undefined), `${path} has bounds, and its format has no size`)
      }
    },
  },
  {
    name: 'keeps secrets out of its defaults and its configuration out of the way of others',
    test: async subject => {
      for (const [path, key] of keysOf((await faceOf(subject)).config ?? {})) {
        const single = typeof key.format === 'object' && 'listOf' in key.format ? key.format.listOf : key.format
        const isSecret = single === 'secret'
        const isEmpty = key.default === undefined || key.default === null || (Array.isArray(key.default) && key.default.length === 0)
        assert.ok(!isSecret || isEmpty, `${path} is secret and has a default that everybody can read`)
        assert.ok(isSecret || !/(^|_)(password|passphrase|secret|api_key)$/.test(path), `${path} holds a secret and is no \`secret\``)
      }
    },
  },
  {
    name: 'declares errors that say when they happen and what to do',
    test: async subject => {
      for (const { code, meaning, remedy } of (await faceOf(subject)).errors ?? []) {
        assert.ok(isSentence(meaning), `${code}: the meaning is no sentence: ${meaning}`)
        assert.ok(isSentence(remedy), `${code}: the remedy is no sentence: ${remedy}`)
      }
    },
  },
  {
    name: 'shows for each command how to type it, and has the module that runs it',
    test: async subject => {
      const { commands = [], connector } = await faceOf(subject)
      for (const { path, summary, examples, options = [], arguments: positional = [], module } of commands) {
        const typed = `caxton ${path.join(' ')}`
        assert.ok(isSentence(summary), `${typed}: the summary is no sentence: ${summary}`)
        assert.ok(examples.some(({ type }) => type.includes(typed)), `${typed}: no example shows it`)
        for (const { does } of examples) assert.ok(isSentence(does), `${typed}: an example is explained by no sentence: ${does}`)
        for (const { name, doc } of [...options, ...positional]) assert.ok(isSentence(doc), `${typed} ${name}: no sentence: ${doc}`)
        await assertExports(module, 'run')
      }
      if (connector !== undefined) await assertExports(connector, 'openConnector')
    },
  },
  {
    name: 'asks for the privilege of listening when it takes the listeners, and for none twice',
    test: async subject => {
      const { asks = [], needs = [] } = await faceOf(subject)
      assert.deepEqual(asks, [...new Set(asks)])
      const listens = needs.some(({ id }) => id.startsWith('caxton/listeners@'))
      assert.ok(!listens || asks.includes('net.listen'), 'it needs caxton/listeners and does not ask for net.listen')
    },
  },
]

async function assertExports (module: string, name: string): Promise<void> {
  assert.ok(existsSync(fileURLToPath(module)), `there is no file ${module}`)
  const exported = await import(module) as Readonly<Record<string, unknown>>
  assert.equal(typeof exported[name], 'function', `${module} has no function ${name}`)
}
