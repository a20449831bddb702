import type { Command } from '../../contract/command.js'
import { grammarOf } from '../line/command-line.js'
import type { IndexedError } from './command-index.js'

const WORD = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const VALUE = /^[A-Z][A-Z0-9_=]*$/
/** Options that would not reach the command. */
const RESERVED = ['help', 'version']
const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/

/** Every way in which commands break the rules of the command line or contradict each other, one sentence each. */
export function commandProblems (commands: readonly Command[]): string[] {
  const paths = commands.map(({ path }) => path.join(' '))
  return [
    ...repeated(paths).map(path => `several commands are called \`${path}\``),
    ...paths.filter(path => paths.some(other => other.startsWith(`${path} `)))
      .map(path => `\`${path}\` is a command and a group`),
    ...commands.flatMap(command =>
      shapeProblems(command).map(problem => `command \`${command.path.join(' ')}\` ${problem}`)),
  ]
}

function shapeProblems (command: Command): string[] {
  const { options, arguments: positional } = grammarOf(command)
  const own = command.options ?? []
  const problems: Array<readonly [broken: boolean, problem: string]> = [
    [command.path.length === 0 || command.path.some(word => !WORD.test(word)), 'has a word that is not lower case'],
    [command.summary === '' || command.examples.length === 0, 'needs a summary and an example'],
    [command.examples.some(({ type }) => !type.includes('caxton ')), 'has an example that does not run caxton'],
    [repeated(options.map(({ name }) => name)).length > 0, 'has two options of one name'],
    [repeated(options.flatMap(({ short }) => short ?? [])).length > 0, 'has two options of one letter'],
    [own.some(({ name }) => !WORD.test(name) || RESERVED.includes(name)), 'has an option with a name it can\'t have'],
    [own.some(({ short }) => short !== undefined && !/^[A-Za-z]$/.test(short)), 'has a short option that is no letter'],
    [own.some(({ value }) => value !== undefined && !VALUE.test(value)), 'names an option\'s value in lower case'],
    [positional.slice(0, -1).some(({ repeatable }) => repeatable === true), 'repeats an argument that is not the last'],
    [positional.slice(1).some(({ required }, index) => required === true && positional[index]?.required !== true),
      'has a required argument after an optional one'],
  ]
  return problems.flatMap(([broken, problem]) => broken ? [problem] : [])
}

/** Every way in which error tables contradict each other. */
export function errorProblems (errors: readonly IndexedError[]): string[] {
  return [
    ...repeated(errors.map(({ code }) => code)).map(code =>
      `error ${code} is declared more than once, by ${sourcesOf(code, errors).join(', ')}`),
    ...errors.filter(({ code, meaning, remedy }) => !CODE.test(code) || meaning === '' || remedy === '')
      .map(({ code }) => `error ${code} needs an upper-case code, a meaning and a remedy`),
  ]
}

const sourcesOf = (code: string, errors: readonly IndexedError[]): string[] =>
  errors.filter(entry => entry.code === code).map(({ from }) => from)

const repeated = (words: readonly string[]): string[] =>
  [...new Set(words.filter((word, index) => words.indexOf(word) !== index))]
