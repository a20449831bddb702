// Writes docs/cli.md from what the program knows of itself; with --check it only says whether the file is up to date.
import { keepDocument } from './keep-document.mjs'

const dist = new URL('../dist/kernel/command/', import.meta.url)
const load = module => import(new URL(module, dist).href)
const { readCommandIndex } = await load('index/command-index.js')
const { groupsOf } = await load('help/program-help.js')
const { usage, optionName, optionDoc } = await load('help/command-help.js')
const { EXIT_CODES } = await load('exit-codes.js')
const { PROGRAM_OPTIONS } = await load('line/program-options.js')
const { ALIASES } = await load('line/command-tree.js')
const { OUTPUT_TOPIC } = await load('help/output-topic.js')

const { commands } = await readCommandIndex()
const cell = text => text.replaceAll('|', '\\|')
const table = (headings, rows) => rows.length === 0
  ? []
  : [`| ${headings.join(' | ')} |`, `|${headings.map(() => '---').join('|')}|`, ...rows.map(row => `| ${row.map(cell).join(' | ')} |`), '']

const command = entry => [
  `### ${entry.path.join(' ')}`, '',
  `${entry.summary}${entry.from === 'kernel' ? '' : ` Given by plugin \`${entry.from}\`.`}`, '',
  ...entry.examples.flatMap(({ type, does }) => [`    ${type}`, '', does, '']),
  `Usage: \`${usage(entry)}\``, '',
  ...table(['argument', 'meaning'], (entry.arguments ?? []).map(({ name, doc }) => [`\`${name}\``, doc])),
  ...table(['option', 'meaning'], (entry.options ?? []).map(option => [`\`${optionName(option)}\``, optionDoc(option)])),
]

await keepDocument('docs/cli.md', [
  '# The `caxton` command', '',
  '<!-- Written by scripts/cli-reference.mjs; change the commands, not this file. -->', '',
  'Every command is `caxton GROUP VERB`, or a single word. `caxton --help`, `caxton GROUP --help` and '
  + '`caxton GROUP VERB --help` say what there is; a mistyped word is answered with the one that was probably meant.', '',
  '## Options of every command', '',
  'They may stand before or after the command\'s name. A value that begins with a dash is written '
  + '`--option=VALUE`; after `--` everything is an argument. Negative numbers need neither.', '',
  ...table(['option', 'meaning'], PROGRAM_OPTIONS.map(option => [`\`${optionName(option)}\``, optionDoc(option)])),
  '## Output', '',
  ...OUTPUT_TOPIC.flatMap(paragraph => [paragraph, '']),
  '## Exit codes', '',
  ...table(['code', 'name', 'meaning'], EXIT_CODES.map(({ code, name, meaning }) => [String(code), name, meaning])),
  '## Other words for commands', '',
  ...table(['word', 'the same as'], Object.entries(ALIASES).map(([word, path]) => [`\`caxton ${word}\``, `\`caxton ${path.join(' ')}\``])),
  '## Commands of plugins', '',
  'Commands of built-in plugins are listed here with the others. Those of any other plugin come from its package: name '
  + 'the configuration that uses it by `CAXTON_CONFIG=FILE`, or by `caxton --config FILE` before the command\'s name, and '
  + 'its commands, their help and its error codes (`caxton explain`) are there. Such a command can\'t replace one that is listed here.', '',
  '## Completion', '',
  'In bash: `source <(caxton completion bash)`. In zsh: `caxton completion zsh > ~/.zfunc/_caxton`, where '
  + '`~/.zfunc` is in `fpath`. Names of agents are asked of the server.', '',
  ...groupsOf(commands).flatMap(group => [`## ${group}`, '', ...commands.filter(({ path }) => path[0] === group).flatMap(command)]),
])
