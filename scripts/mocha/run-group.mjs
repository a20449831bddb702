import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { commandOf, root } from '../project.mjs'
import { readTally } from './tally.mjs'

const NODE_OPTIONS = ['--disable-wasm-trap-handler', '--enable-source-maps', '--import=reflect-metadata']
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
/** How long a runner may live after its last test. */
const FAREWELL = 5000

function mochaArguments ({ timeout, watched }, files) {
  const hooks = watched === true ? ['--require', 'scripts/mocha/leftovers.mjs'] : []
  const strict = process.env.CI === undefined ? [] : ['--forbid-only']
  return [...NODE_OPTIONS, commandOf('mocha'), ...hooks, ...strict, '--timeout', String(timeout),
    '--reporter', 'scripts/mocha/reporter.cjs', ...files]
}

/** Says why a run must be stopped, if it must: it stands still, or its last test was a while ago. */
export function stuckDetector (patience, farewell = FAREWELL) {
  let seen = ''
  let since = 0
  return (letters, now) => {
    if (letters !== seen || since === 0) {
      seen = letters
      since = now
    }
    const still = now - since
    const isOver = letters.endsWith('E')
    if (isOver) return still > farewell ? 'something keeps the runner alive after its last test' : undefined
    return still > patience ? `no test has ended for ${Math.round(patience / 60_000)} minutes` : undefined
  }
}

function endGroup (child, signal) {
  try {
    process.kill(-child.pid, signal)
  } catch { /* it has ended already */ }
}

/** A runner that crashed, or complains although every test passed, counts as one failure more. */
export function verdict (tally, reason) {
  if (tally.ended && (reason === 'code 0' || tally.failed > 0)) return tally
  const complaint = `The runner ended with ${reason}, ${tally.ended ? 'after' : 'before'} its last test.`
  return { ...tally, failed: tally.failed + 1, complaint }
}

/** Shows what a process writes as it comes, or all of it at its end, so that it does not mix with that of others. */
function showOutput (child, isLive) {
  if (isLive) return
  const chunks = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => chunks.push(chunk))
  child.once('close', () => process.stdout.write(Buffer.concat(chunks)))
}

/**
 * Runs the files of one group with mocha, in a process group of their own, so that nothing they start outlives them.
 * `patience`: milliseconds in which some test must end; `isLive`: whether what they print is shown as it comes. Resolves to the tally.
 */
export async function runGroup (group, files, { environment, patience, tally, isLive }) {
  writeFileSync(tally, '')
  const child = spawn(process.execPath, mochaArguments(group, files), {
    cwd: root, env: { ...environment, CAXTON_TEST_TALLY: tally }, detached: true, stdio: isLive ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  })
  showOutput(child, isLive)
  const isStuck = stuckDetector(patience)
  const timer = setInterval(() => {
    const reason = isStuck(readFileSync(tally, 'utf8'), Date.now())
    if (reason === undefined) return
    clearInterval(timer)
    console.error(`\n${group.name}: ${reason}: it is stopped.`)
    endGroup(child, 'SIGKILL')
  }, 500)
  const stop = signal => {
    endGroup(child, signal)
    process.exitCode = 130
  }
  for (const signal of SIGNALS) process.on(signal, stop)
  const reason = await new Promise(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('close', (code, signal) => resolve(signal ?? `code ${code}`))
  })
  for (const signal of SIGNALS) process.off(signal, stop)
  clearInterval(timer)
  endGroup(child, 'SIGKILL')
  const result = verdict(readTally(readFileSync(tally, 'utf8')), reason)
  if (result.complaint !== undefined) console.error(`\n${group.name}: ${result.complaint}`)
  return result
}
