import { readFileSync } from 'node:fs'
import { Complaint, inProject } from './project.mjs'

const numbersOf = version => version.replace(/^[^\d]*/, '').split('.').map(Number)

/** Whether `version` (`20.19.0`) is at least `least` (`20.19`). */
export function isAtLeast (version, least) {
  const have = numbersOf(version)
  for (const [index, wanted] of numbersOf(least).entries()) {
    const found = have[index] ?? 0
    if (found !== wanted) return found > wanted
  }
  return true
}

/** Refuses a Node that is older than `engines.node` of package.json. */
export function requireNode (version = process.versions.node) {
  const { engines } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'))
  if (isAtLeast(version, engines.node)) return
  throw new Complaint(`Caxton needs Node ${engines.node}, and this is Node ${version} (${process.execPath}).`,
    'Install a newer one from https://nodejs.org, or with your version manager: nvm install 24')
}
