// Makes a clone ready to run: the right Node, the packages of the lock file, a fresh build. Does only what is missing.
import { requireNode } from './node-version.mjs'
import { giveUp, isStarted } from './project.mjs'

/** Sets up; a failure that the user can remedy is a `Complaint`. */
export async function prepare () {
  requireNode()
  // Imported late: they may use what an older Node does not have.
  const { install } = await import('./install.mjs')
  await install()
  const { buildIfNeeded } = await import('./build.mjs')
  buildIfNeeded()
}

/** Sets up, or ends the process with a sentence and a remedy. */
export async function setUp () {
  try {
    await prepare()
  } catch (error) {
    giveUp(error)
  }
}

if (isStarted(import.meta.url)) await setUp()
