// Writes docs/configuration.md from the kernel's schema and those of all built-in plugins; with --check it only says whether the file is
// up to date. Needs a build.
import { fileURLToPath } from 'node:url'
import { formatNames, inWords, isListOf, isMapOf, ruleOf } from '../dist/kernel/lifecycle/configuration/formats.js'
import { kernelSchema } from '../dist/kernel/lifecycle/configuration/kernel-schema.js'
import { pluginKeys } from '../dist/kernel/lifecycle/configuration/plugin-tables.js'
import { builtInPlugins } from '../dist/kernel/lifecycle/plugins/plugin-loader.js'
import { keepDocument } from './keep-document.mjs'

const plugins = await builtInPlugins(fileURLToPath(new URL('../dist/plugins', import.meta.url)))
const code = text => `\`${text}\``

/** What may stand there: a format, or the words that are allowed. */
function formatText (format) {
  if (isListOf(format)) return `list of ${formatText(format.listOf)}`
  if (isMapOf(format)) return 'tables'
  return typeof format === 'string' ? format : format.oneOf.map(word => code(`"${word}"`)).join(', ')
}

/** As it would be written in the file. */
function written (value) {
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).map(([name, each]) => `${name} = ${written(each)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

function defaultText (key) {
  if (!('default' in key)) return '**must be given**'
  return key.default === null ? 'none' : code(written(key.default))
}

function boundsText ({ format, min, max }) {
  if (min === undefined && max === undefined) return ''
  if (max === undefined) return `at least ${inWords(format, min)}`
  return min === undefined ? `at most ${inWords(format, max)}` : `${inWords(format, min)} to ${inWords(format, max)}`
}

/** A row for each key; those inside named tables follow the key that holds them. */
const rows = (schema, prefix = '') => Object.entries(schema).flatMap(([name, key]) => [
  [code(prefix + name), formatText(key.format), defaultText(key), boundsText(key), key.doc],
  ...isMapOf(key.format) ? rows(key.format.mapOf, `${prefix}${name}.NAME.`) : [],
])

const line = cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
const table = schema =>
  [['key', 'format', 'default', 'bounds', ''], ['---', '---', '---', '---', '---'], ...rows(schema)].map(line)

const sections = Object.entries(kernelSchema).flatMap(([name, schema]) => [`## [${name}]`, '', ...table(schema), ''])
const ofPlugins = plugins.flatMap(({ name, summary, config = {} }) => [
  `### [plugins.${name}]`, '', `${summary} [Its page](../plugins/${name}/README.md).`, '',
  ...Object.keys(config).length === 0 ? ['No keys.'] : table(config), '',
])

await keepDocument('docs/configuration.md', [
  '# Configuration', '',
  '<!-- Written by scripts/configuration-reference.mjs; change the schemas, not this file. -->', '',
  'Every key of the configuration file. The file is TOML; [config/dev.toml](../config/dev.toml), [cluster.toml](../config/cluster.toml) '
  + 'and [prod.toml](../config/prod.toml) are whole ones, and [operating.md](operating.md) says how to work with them.', '',
  'A key can also be given in the environment (`CAXTON_LOG__LEVEL=debug`, `CAXTON_PLUGINS__API_GRPC__PORT=50052`) and on the command line '
  + '(`--set log.level=debug`), which win over the file in this order. In a text, `${NAME}` stands for a variable of the environment, '
  + '`${NAME:-default}` for one with a default, `${file:PATH}` for what a file holds. '
  + '`caxton server check --config FILE` tells all that is wrong with a file; '
  + 'editors complete and check it by [caxton.schema.json](../config/caxton.schema.json).', '',
  '## Formats', '',
  '| format | |', '| --- | --- |', ...formatNames().map(name => line([code(name), ruleOf(name).expected])),
  line(['tables', 'a table for each NAME that you choose; its keys follow']), '',
  'A bare number is milliseconds in a duration and bytes in a size. A default of "none" means that the key may be left out.', '',
  ...sections,
  '## Plugins', '',
  'A table `[plugins.NAME]` turns a plugin on. These keys every one has:', '', ...table(pluginKeys), '',
  ...ofPlugins,
])
