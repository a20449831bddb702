import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { parse } from 'smol-toml'
import type { ConfigSchema } from '../../../../../kernel/contract/index.js'
import { configurationJsonSchema } from '../../../../../kernel/lifecycle/configuration/json-schema.js'
import { kernelSchema } from '../../../../../kernel/lifecycle/configuration/kernel-schema.js'
import { pluginKeys } from '../../../../../kernel/lifecycle/configuration/plugin-tables.js'
import { readConfiguration } from '../../../../../kernel/lifecycle/configuration/read-configuration.js'
import { checkConfiguration } from '../../../../../kernel/lifecycle/server.js'
import { builtInPlugins, loadPlugins } from '../../../../../kernel/lifecycle/plugins/plugin-loader.js'
import { TemporaryFolder } from '../../../../support/temporary-folder.js'

const never = new AbortController().signal
const packageRoot = fileURLToPath(new URL('../../../../../../', import.meta.url))
const builtInFolder = path.join(packageRoot, 'dist', 'plugins')
const configFile = (name: string): string => path.join(packageRoot, 'config', name)

describe('the configuration files that come with Caxton', () => {
  for (const name of ['dev.toml', 'prod.toml', 'cluster.toml']) {
    it(`have no problem: ${name}`, async () => {
      const file = configFile(name)
      const { problems, plugins, folder } = await readConfiguration({ file, environment: {}, sets: [], packageRoot })
      expect(problems).to.deep.equal([])
      const loaded = await loadPlugins(plugins, { builtInFolder, folder, packageRoot })
      const found = [...loaded.problems, ...loaded.entries.flatMap(entry => entry.problems ?? [])]
      expect(found.map(({ message }) => message)).to.deep.equal([])
    })

    it(`begin with a line that tells editors their schema: ${name}`, async () => {
      expect(await readFile(configFile(name), 'utf8')).to.match(/^#:schema \.\/caxton\.schema\.json\n/)
    })
  }

  describe('cluster.toml', () => {
    const folder = new TemporaryFolder()

    after(() => { folder.remove() })

    it('has three parts, each of which is in order when it stands alone', async () => {
      const parts = partsOf(await readFile(configFile('cluster.toml'), 'utf8'))
      expect(parts).to.have.length(3)
      for (const [index, part] of parts.entries()) {
        const file = folder.file(`part-${index + 1}.toml`)
        await writeFile(file, part)
        const environment = { CAXTON_GOSSIP_KEY: Buffer.alloc(32).toString('base64') }
        const { text, exitCode } = await checkConfiguration({ configurationFile: file, sets: [], environment, signal: never })
        expect([text.split('\n')[0], exitCode]).to.deep.equal([`${file} is in order`, 0])
        const plugins = part.match(/^\[plugins\.[\w-]+\]$/gm)
        const seams = ['cluster', 'transport', 'registry', 'placement', 'identity']
        for (const seam of seams) expect(String(plugins)).to.contain(`[plugins.${seam}-`)
      }
    })
  })

  it('have a schema for editors that is up to date; if not: node scripts/config-schema.mjs', async () => {
    const written: unknown = JSON.parse(await readFile(configFile('caxton.schema.json'), 'utf8'))
    const schema = configurationJsonSchema(await builtInPlugins(builtInFolder))
    expect(written).to.deep.equal(JSON.parse(JSON.stringify(schema)))
  })

  describe('prod.toml', () => {
    let sections: ReadonlyMap<string, readonly Line[]>
    const schemas = new Map<string, ConfigSchema>(Object.entries(kernelSchema))

    before(async () => {
      sections = sectionsOf(await readFile(configFile('prod.toml'), 'utf8'))
      for (const { name, config } of await builtInPlugins(builtInFolder)) schemas.set(`plugins.${name}`, config ?? {})
    })

    it('has every key of the server and of its plugins', () => {
      const missing = [...schemas].flatMap(([name, schema]) => {
        const lines = sections.get(name)
        if (lines === undefined) return [`[${name}]`]
        return Object.keys(schema).filter(key => !lines.some(line => line.key === key)).map(key => `${name}.${key}`)
      })
      expect(missing).to.deep.equal([])
      const keys = [...sections.values()].flat().map(({ key }) => key)
      expect(keys).to.include.members(Object.keys(pluginKeys))
    })

    it('shows the true default of every key that it leaves at that', () => {
      for (const [name, schema] of schemas) {
        for (const [key, { default: value }] of Object.entries(schema)) {
          const line = sections.get(name)?.find(each => each.key === key)
          if (line?.commented === true && value !== null && value !== undefined) expect(line.value, `${name}.${key}`).to.deep.equal(value)
        }
      }
    })
  })
})

/** The parts of cluster.toml, as an operator makes each: the others deleted, and "# " taken from the lines that are commented out. */
function partsOf (toml: string): string[] {
  const [, ...parts] = toml.split(/^## Part \d.*#$/m)
  return parts.map(part => part.replace(/^# /gm, ''))
}

interface Line {
  readonly key: string
  readonly value: unknown
  readonly commented: boolean
}

/** Keys by section, those in comments included. */
function sectionsOf (toml: string): Map<string, Line[]> {
  const sections = new Map<string, Line[]>()
  let lines: Line[] = []
  for (const line of toml.split('\n')) {
    const section = /^(?:# )?\[([\w.-]+)\]$/.exec(line)?.[1]
    if (section !== undefined) sections.set(section, lines = [])
    const [, comment, key, value] = /^(# )?([a-z_0-9]+) = (.+)$/.exec(line) ?? []
    if (key === undefined) continue
    lines.push({ key, value: parse(`value = ${value}`).value, commented: comment !== undefined })
    // A table with a name of its own stands for the plugin that it uses.
    if (key === 'use' && lines.length === 1) sections.set(`plugins.${String(lines[0]?.value)}`, lines)
  }
  return sections
}
