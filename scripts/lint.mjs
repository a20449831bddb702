// npm run lint: everything that a machine can say about the code. Runs every check, then says which failed.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { bufLint, run, staleFiles } from './generate.mjs'
import { breakingChanges } from './lint/buf-breaking.mjs'
import { dependencyProblems, isForeign } from './lint/dependencies.mjs'
import { styleProblems } from './lint/house-style.mjs'
import { topLevelProblems } from './lint/top-level.mjs'
import { tallyLine } from './mocha/tally.mjs'
import { commandOf, giveUp, inProject, root } from './project.mjs'

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

const node = (packageName, command, args) => fromCommand(run(process.execPath, [commandOf(packageName, command), ...args]))

/** Every check: its name, and a function that gives the problems it found, or why it was skipped. */
const CHECKS = [
  ['oxlint', () => node('oxlint', 'oxlint', ['--type-aware', '--deny-warnings'])],
  ['house style', () => ({
    problems: projectFiles().filter(isCode).flatMap(path => styleProblems(path, readFileSync(inProject(path), 'utf8'))),
  })],
  ['top level', () => ({ problems: topLevelProblems(projectFiles()) })],
  ['dependency rules', async () => ({ problems: await dependencyProblems(root) })],
  ['unused code', () => node('knip', 'knip', ['--config', KNIP_CONFIG, '--no-progress', '--no-config-hints'])],
  ['protobuf style', () => fromCommand(bufLint())],
  ['protobuf breaking', breakingChanges],
  ['generated files', () => ({ problems: staleFiles().map(problem => `${problem}. Run: npm run generate`) })],
]

async function runCheck (name, check) {
  const began = Date.now()
  const { problems = [], skipped } = await check()
  const time = `${((Date.now() - began) / 1000).toFixed(1)} s`
  const result = problems.length > 0 ? 'failed' : skipped === undefined ? 'passed' : 'skipped'
  const remark = skipped ?? (problems.length > 1 ? `${problems.length} problems, ${time}` : time)
  console.log(`${result === 'failed' ? 'FAILED' : result}  ${name} (${remark})`)
  for (const problem of problems) console.log(`  ${problem.replaceAll('\n', '\n  ')}`)
  return result
}

async function lint (only) {
  const { prepare } = await import('./setup.mjs')
  await prepare()
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const [name, check] of CHECKS.filter(([name]) => only.length === 0 || only.some(part => name.includes(part)))) {
    total[await runCheck(name, check)] += 1
  }
  console.log(`\n${tallyLine(total)}`)
  process.exitCode = total.failed > 0 ? 1 : 0
}

try {
  await lint(process.argv.slice(2))
} catch (error) {
  giveUp(error)
}
