// npm run lint: everything that a machine can say about the code. Arguments: parts of the names of checks.
import { tallyLine } from './mocha/tally.mjs'
import { giveUp } from './project.mjs'
import { prepare } from './setup.mjs'

/** A check that breaks has found a problem. */
async function attempt (check) {
  try {
    return await check()
  } catch (error) {
    return { problems: [error.stack] }
  }
}

async function runCheck (name, check) {
  const began = Date.now()
  const { problems = [], skipped } = await attempt(check)
  const time = `${((Date.now() - began) / 1000).toFixed(1)} s`
  const result = problems.length > 0 ? 'failed' : skipped === undefined ? 'passed' : 'skipped'
  const remark = skipped ?? (problems.length > 1 ? `${problems.length} problems, ${time}` : time)
  console.log(`${result === 'failed' ? 'FAILED' : result}  ${name} (${remark})`)
  for (const problem of problems) console.log(`  ${problem.replaceAll('\n', '\n  ')}`)
  return result
}

async function lint (only) {
  await prepare()
  // Imported late: they use installed packages.
  const { CHECKS } = await import('./lint/checks.mjs')
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
