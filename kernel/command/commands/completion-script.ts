import type { Command, CommandOption } from '../../contract/command.js'
import { grammarOf } from '../line/command-line.js'
import { ALIASES, commandAt, commandsBelow } from '../line/command-tree.js'

export const SHELLS = ['bash', 'zsh'] as const

/** Only such words come into the script: it is code, and a plugin's data must not become code. */
const HARMLESS = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/

/**
 * The lines of a completion script. The words are fixed when it is made; the names of agents are asked of the server: a
 * value called `AGENT` completes to them, one called `FILE` to files.
 */
export function completionScript (shell: typeof SHELLS[number], commands: readonly Command[]): string[] {
  const known = commands.filter(command => command.path.every(word => HARMLESS.test(word)))
  const [front, rules] = shell === 'zsh' ? [ZSH_FRONT, ZSH_RULES] : [[], []]
  return [...front, ...PROLOGUE, ...rules, ...SEARCH, ...cases(known), ...EPILOGUE]
}

/** zsh runs completions of bash; it only counts arrays from 1 unless told otherwise. */
const ZSH_FRONT = [
  '#compdef caxton', 'autoload -U +X compinit && compinit', 'autoload -U +X bashcompinit && bashcompinit',
]
const ZSH_RULES = ['  emulate -L ksh']

const PROLOGUE = [
  // The shell expands completions, so that a name from a hostile server would be run.
  '_caxton_agents() { caxton agents list --names 2>/dev/null | grep -E "^[A-Za-z0-9._-]+$"; }',
  '_caxton() {',
]

const SEARCH = [
  '  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"',
  '  local place="" at next options="" values="" kind="" item',
  '  for (( at = 1; at < COMP_CWORD; at++ )); do',
  '    item="${COMP_WORDS[at]}"',
  '    case "$item" in -*) break ;; esac',
  '    next="${place:+$place }$item"',
  '    case "$next" in',
]

const EPILOGUE = [
  '  values=" $values "',
  '  case "$before$values" in',
  '    -*" $before:"*) kind="${values##*" $before:"}"; kind="${kind%% *}"; options="" ;;',
  '    *) case "$word" in -*) kind="" ;; esac ;;',
  '  esac',
  '  case "$kind" in',
  '    AGENT) options="$(_caxton_agents)" ;;',
  '    FILE) COMPREPLY=( $(compgen -f -- "$word") ); return ;;',
  '    FORMAT) options="human json yaml" ;;',
  '    SHELL) options="bash zsh" ;;',
  '  esac',
  '  COMPREPLY=( $(compgen -W "$options" -- "$word") )',
  '}',
  'complete -o filenames -o bashdefault -F _caxton caxton',
]

/** First which paths there are, then what follows each. */
function cases (commands: readonly Command[]): string[] {
  const prefixesOf = ({ path }: Command): string[] => path.map((_word, index) => path.slice(0, index + 1).join(' '))
  const prefixes = [...new Set(commands.flatMap(prefixesOf))]
  const aliases = Object.entries(ALIASES)
    .map(([alias, path]) => `      ${quote(alias)}) place=${quote(path.join(' '))} ;;`)
  return [
    ...prefixes.map(prefix => `      ${quote(prefix)}) place="$next" ;;`),
    ...aliases,
    '      *) break ;;',
    '    esac',
    '  done',
    '  case "$place" in',
    `    '') options=${quote([...new Set(commands.map(({ path }) => path[0] ?? '')), 'help', 'version'].join(' '))} ;;`,
    ...prefixes.map(prefix => followers(prefix, commands)),
    '  esac',
  ]
}

function followers (prefix: string, commands: readonly Command[]): string {
  const path = prefix.split(' ')
  const command = commandAt(commands, path)
  if (command === undefined) {
    const verbs = commandsBelow(commands, path).map(({ path: longer }) => longer[path.length] ?? '')
    return `    ${quote(prefix)}) options=${quote([...new Set(verbs)].join(' '))} ;;`
  }
  const { options, arguments: positional } = grammarOf(command)
  const names = quote(options.map(({ name }) => `--${name}`).join(' '))
  const values = quote(options.flatMap(option => valueKinds(option)).join(' '))
  return `    ${quote(prefix)}) options=${names}; values=${values}; kind=${quote(positional[0]?.name ?? '')} ;;`
}

const valueKinds = ({ name, short, value }: CommandOption): string[] =>
  value === undefined ? [] : [`--${name}:${value}`, ...(short === undefined ? [] : [`-${short}:${value}`])]

const quote = (text: string): string => `'${text.replaceAll('\'', '\'\\\'\'')}'`
