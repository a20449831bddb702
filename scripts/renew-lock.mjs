// Makes package-lock.json anew from package.json, after every change of dependencies. Touches no node_modules.
//
// It resolves in an empty folder, because npm 11.6 drops peers of other platforms' packages when it updates a lock, and
// npm 11.19 then refuses the result; older and newer versions of npm make locks that the others refuse at once.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Complaint, giveUp, inProject } from './project.mjs'

const MAKER = 'npm@11.6.2'
/** Versions of npm that must accept the result, besides the one that is installed here. */
const JUDGES = ['npm@10.8.2', MAKER]

function run (folder, command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' })
  if (status === 0) return
  throw new Complaint(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, 'Nothing was changed.')
}

function renew (folder) {
  const lock = join(folder, 'package-lock.json')
  copyFileSync(inProject('package.json'), join(folder, 'package.json'))
  console.error('Resolving every dependency anew: about 20 s.')
  run(folder, 'npx', '--yes', MAKER, 'install', '--package-lock-only')
  run(folder, process.execPath, inProject('scripts', 'complete-lock.mjs'), lock)
  for (const judge of JUDGES) run(folder, 'npx', '--yes', judge, 'ci', '--dry-run', '--ignore-scripts')
  run(folder, 'npm', 'ci', '--dry-run', '--ignore-scripts')
  copyFileSync(lock, inProject('package-lock.json'))
}

const folder = mkdtempSync(join(tmpdir(), 'caxton-lock-'))
try {
  try {
    renew(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  console.error('package-lock.json is new; see what changed with git diff.')
} catch (error) {
  giveUp(error)
}
