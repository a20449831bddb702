// Writes plugins/README.md from the faces of the built-in plugins; with --check it only says whether the file is up to date.
import { fileURLToPath } from 'node:url'
import { neededTokens, providedTokens } from '../dist/kernel/lifecycle/plugins/service-graph.js'
import { builtInPlugins } from '../dist/kernel/lifecycle/plugins/plugin-loader.js'
import { keepDocument } from './keep-document.mjs'

const NEEDS = { one: '', maybe: ' (if there is one)', many: ' (any number)' }

const plugins = await builtInPlugins(fileURLToPath(new URL('../dist/plugins', import.meta.url)))
const code = text => `\`${text}\``
const listed = words => words.length === 0 ? '–' : words.join(', ')

/** What others get from a plugin: services, operations, commands, a way to the server. */
const givenBy = plugin => listed([
  ...providedTokens(plugin).map(({ id }) => code(id)),
  ...(plugin.operations ?? []).map(({ service }) => `operations ${code(service.typeName)}`),
  ...(plugin.commands ?? []).map(({ path }) => `command ${code(['caxton', ...path].join(' '))}`),
  ...plugin.connector === undefined ? [] : ['the connection of the `caxton` command'],
])

const row = plugin => [
  `[${plugin.name}](${plugin.name}/README.md)`, plugin.summary, givenBy(plugin), plugin.stability,
  listed(neededTokens(plugin).map(({ id, need }) => `${code(id)}${NEEDS[need]}`)),
  listed((plugin.asks ?? []).map(code)),
]

const table = (headings, rows) =>
  [headings, headings.map(() => '---'), ...rows].map(cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`)

await keepDocument('plugins/README.md', [
  '# Plugins', '',
  '<!-- Written by scripts/plugins-reference.mjs; change the plugins, not this file. -->', '',
  'The kernel hosts agents and carries messages; everything else is a plugin. A table in the configuration turns one on:', '',
  '```toml', '[plugins.api-grpc]', 'port = 50051', '```', '',
  'These come with the server. What the words mean, and how to write one: [AUTHORING.md](AUTHORING.md). Keys of the '
  + 'configuration: [docs/configuration.md](../docs/configuration.md), and [config/prod.toml](../config/prod.toml). '
  + 'How far each may be relied on: [kernel/STABILITY.md](../kernel/STABILITY.md).', '',
  ...table(['plugin', 'what it does', 'gives', 'stability', 'needs', 'privileges'], plugins.map(row)), '',
  'Needs are services by their token; `caxton/node@1`, `caxton/clock@1`, `caxton/random@1`, `caxton/metrics@1`, `caxton/metrics-reader@1`, '
  + '`caxton/listeners@1` and `caxton/operations@1` come from the kernel. A privilege is consent of the operator, not a '
  + 'sandbox; built-in plugins have theirs without being asked. `caxton plugins list` shows what a running server has.',
])
