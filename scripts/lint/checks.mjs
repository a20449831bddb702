import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { bufLint, run, staleFiles } from '../generate.mjs'
import { commandOf, inProject, root } from '../project.mjs'
import { breakingChanges } from './buf-breaking.mjs'
import { dependencyProblems, isForeign } from './dependencies.mjs'
import { styleProblems } from './house-style.mjs'
import { topLevelProblems } from './top-level.mjs'

/** Names of all files that are under version control, or soon will be. */
function projectFiles () {
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const text = execFileSync('git', listing, { cwd: root, encoding: 'utf8' })
  return text.split('\0').filter(path => path !== '' && path !== 'node_modules' && existsSync(inProject(path)))
}

const KNIP_CONFIG = 'scripts/lint/knip.json'

const isCode = path => /\.(ts|mjs|cjs)$/.test(path) && !path.endsWith('_pb.ts') && !isForeign(path)

/** Turns the answer of a command into problems. */
const fromCommand = ({ ok, output }) => ({ problems: ok ? [] : [output] })

const installed = (name, args) => fromCommand(run(process.execPath, [commandOf(name), ...args]))

/** Every check: its name, and a function that gives what it found, or why it was skipped. Needs a fresh build. */
export const CHECKS = [
  ['oxlint', () => installed('oxlint', ['--type-aware', '--deny-warnings'])],
  ['house style', () => ({
    problems: projectFiles().filter(isCode).flatMap(path => styleProblems(path, readFileSync(inProject(path), 'utf8'))),
  })],
  ['top level', () => ({ problems: topLevelProblems(projectFiles()) })],
  ['dependency rules', async () => ({ problems: await dependencyProblems(root) })],
  ['unused code', () => installed('knip', ['--config', KNIP_CONFIG, '--no-progress', '--no-config-hints'])],
  ['protobuf style', () => fromCommand(bufLint())],
  ['protobuf breaking', breakingChanges],
  ['generated files', () => ({ problems: staleFiles().map(problem => `${problem}. Run: npm run generate`) })],
]
