// npm test: sets up, then runs every test. Arguments: parts of file names, --unit, --long.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { dealt, inLanes } from './mocha/lanes.mjs'
import { runGroup } from './mocha/run-group.mjs'
import { sum, tallyLine } from './mocha/tally.mjs'
import { Complaint } from './project.mjs'
import { prepare } from './setup.mjs'
import { filesBelow } from './sources.mjs'

/**
 * Time limits are for what hangs, with room for a machine that does much else; how long tests should take says test/README.md. `shares`:
 * into how many parts the files are dealt, for as many processes as there are cores.
 */
const GROUPS = [
  { name: 'unit', timeout: 10_000, shares: 4 },
  { name: 'conformance', timeout: 20_000, watched: true, shares: 4 },
  { name: 'integration', timeout: 60_000, watched: true, shares: 12 },
]
const MINUTE = 60_000
/** What takes so many times as long with --long, which counts higher. */
const LONGER = 30
/** Processes that run tests at once. */
const LANES = Math.min(availableParallelism(), 4)

/** What was asked for on the command line. */
function readArguments (args) {
  const names = args.filter(arg => !arg.startsWith('-'))
  const unknown = args.find(arg => arg.startsWith('-') && !['--unit', '--long'].includes(arg))
  if (unknown === undefined) return { unit: args.includes('--unit'), long: args.includes('--long'), names }
  throw new Complaint(`${unknown} is no option of this script.`, 'It knows --unit, --long and parts of file names.')
}

/** Compiled tests, and the tests of the scripts, which are not compiled. */
const filesOf = (group, names) => [
  ...filesBelow(`dist/test/${group}`, /\.test\.js$/), ...filesBelow(`test/${group}`, /\.test\.mjs$/),
].filter(file => names.length === 0 || names.some(name => file.includes(name))).sort()

/** One line for each failure of any group: whoever sees only the end of the output sees them, too. */
const failuresIn = folder => readdirSync(folder).filter(file => file.endsWith('.failures'))
  .flatMap(file => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n'))

async function runAll (groups, names, long, folder) {
  const seed = process.env.CAXTON_TEST_SEED ?? String(Math.floor(Math.random() * 2 ** 31))
  const environment = { ...process.env, CAXTON_TEST_SEED: seed, ...long ? { CAXTON_TEST_LONG: '1' } : {} }
  const tallies = []
  for (const { timeout, ...shared } of groups) {
    const group = { ...shared, timeout: long ? timeout * LONGER : timeout }
    const files = filesOf(group.name, names)
    if (files.length === 0 || process.exitCode === 130) continue
    console.log(`\n${group.name}: ${files.length} ${files.length === 1 ? 'file' : 'files'}`)
    const patience = (long ? 30 : 3) * MINUTE
    // Who runs a few files wants to see how they get on.
    const isLive = names.length > 0 || LANES === 1
    const run = (share, index) => runGroup(group, share, { environment, patience, isLive, tally: join(folder, `${group.name}-${index}`) })
    tallies.push(...await inLanes(LANES, dealt(files, isLive ? 1 : group.shares), run, () => process.exitCode === 130))
  }
  return sum(tallies)
}

async function test () {
  const { unit, long, names } = readArguments(process.argv.slice(2))
  await prepare()
  const folder = mkdtempSync(join(tmpdir(), 'caxton-test-'))
  try {
    const total = await runAll(unit ? GROUPS.slice(0, 1) : GROUPS, names, long, folder)
    for (const line of failuresIn(folder)) console.log(line)
    if (total.passed + total.failed > 0) return total
    console.error(`No test has run${names.length > 0 ? `: no file has ${names.join(' or ')} in its path` : ''}.`)
    return { ...total, failed: 1 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

let total = { passed: 0, failed: 1, skipped: 0 }
try {
  total = await test()
} catch (error) {
  console.error(error instanceof Complaint ? `${error.message} ${error.remedy}` : error)
}
console.log(`\n${tallyLine(total)}`)
process.exitCode ||= total.failed > 0 ? 1 : 0
