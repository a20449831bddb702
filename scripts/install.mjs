import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { lstatSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canDownload, missingTools, toolsRemedy } from './build-tools.mjs'
import { explainFailure } from './install-failure.mjs'
import { chooseHeaders } from './node-headers.mjs'
import { runVisibly } from './progress.mjs'
import { Complaint, environmentWithCommands, inProject, root } from './project.mjs'

const MODULES = inProject('node_modules')
const STAMP = join(MODULES, '.caxton-install')

const readText = path => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** What an installation depends on: the lock, the system, and Node's binary interface, for which code was compiled. */
export function installStamp (lock, { platform, arch, modules }) {
  return `${createHash('sha256').update(lock).digest('hex')} ${platform}-${arch} abi-${modules}\n`
}

/**
 * What has to be done: `nothing`; `adopt`, when somebody ran npm by hand and all is as the lock wants it; or `install`,
 * with the reason. A node_modules that is a link is kept up to date where it points to.
 */
export function decideInstall ({ folder, stamp, wanted, isAsLocked }) {
  if (folder === 'missing') return { action: 'install', reason: 'nothing is installed yet' }
  if (stamp === wanted || folder === 'link') return { action: 'nothing' }
  if (isAsLocked()) return { action: 'adopt' }
  const reason = stamp === undefined ? 'the installation is incomplete' : 'the lock file or Node has changed'
  return { action: 'install', reason }
}

/** Whether npm noted every package of the lock as installed in that version; optional ones may be missing. */
export function matchesLock (lock, installed) {
  return Object.entries(lock.packages).every(([path, entry]) => {
    if (path === '') return true
    const found = installed.packages[path]
    return found === undefined ? entry.optional === true : found.version === entry.version
  })
}

function isAsLocked (lock) {
  const installed = readText(join(MODULES, '.package-lock.json'))
  if (installed === undefined || !matchesLock(JSON.parse(lock), JSON.parse(installed))) return false
  try {
    // Only its compiled file: Node from 24.19 on may abort when it collects an object of better-sqlite3 12 (nodejs/node#65446).
    createRequire(import.meta.url)('better-sqlite3/build/Release/better_sqlite3.node')
    return true
  } catch {
    return false
  }
}

function folderState () {
  try {
    return lstatSync(MODULES).isSymbolicLink() ? 'link' : 'present'
  } catch {
    return 'missing'
  }
}

/** npm as a command line for this Node, whatever `node` is on the path. */
function npm (environment = process.env) {
  const script = environment.npm_execpath
  if (script?.endsWith('npm-cli.js')) return [process.execPath, [script]]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', []]
}

function headerSetting () {
  if (process.env.npm_config_nodedir) return process.env.npm_config_nodedir
  const [command, first] = npm()
  try {
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }
    const text = execFileSync(command, [...first, 'config', 'get', 'nodedir'], options).trim()
    return text === 'undefined' ? undefined : text
  } catch {
    return undefined
  }
}

async function announce (reason, packages) {
  const missing = missingTools()
  if (missing.length > 0 && !await canDownload()) {
    throw new Complaint('better-sqlite3 must be compiled, because its compiled form cannot be downloaded from here, ' +
      `and ${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} missing.`, toolsRemedy())
  }
  console.error(`Setting up Caxton (${reason}):`)
  console.error(`  npm ci puts ${packages} packages into node_modules: about 20 s.`)
  console.error('  better-sqlite3 is downloaded in compiled form, or where that is impossible compiled here:')
  console.error('  60 to 80 s more on two idle cores.')
}

const COMPILING = /gyp info spawn make|CXX\(target\)|CC\(target\)|node-gyp rebuild/
const labelOf = text => COMPILING.test(text) ? 'compiling better-sqlite3' : undefined

const isForHere = ({ os, cpu }) => (!os || os.includes(process.platform)) && (!cpu || cpu.includes(process.arch))

async function runInstall (reason, lock) {
  await announce(reason, Object.values(JSON.parse(lock).packages).filter(isForHere).length - 1)
  const nodedir = chooseHeaders({
    setting: headerSetting(), node: process.execPath, major: Number(process.versions.node.split('.')[0]),
  })
  const environment = { ...environmentWithCommands(), ...nodedir === undefined ? {} : { npm_config_nodedir: nodedir } }
  const [command, first] = npm()
  const args = [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--foreground-scripts']
  const { ok, output } = await runVisibly('installing packages', command, args, { environment, folder: root, labelOf })
  if (ok) return
  const log = join(tmpdir(), `caxton-setup-${process.pid}.log`)
  writeFileSync(log, output)
  const { sentence, remedy } = explainFailure(output)
  throw new Complaint(sentence, `${remedy}\nEverything that npm said: ${log}`)
}

/** Makes `npx caxton` mean this clone: the name `caxton` on the registry belongs to somebody else. */
export function linkCommand (target = '../../dist/kernel/command/caxton.js') {
  const link = join(MODULES, '.bin', 'caxton')
  try {
    if (readlinkSync(link) === target) return
  } catch { /* no link yet */ }
  rmSync(link, { force: true })
  symlinkSync(target, link)
}

/** Installs the packages of the lock file if they are not there. */
export async function install () {
  const lock = readFileSync(inProject('package-lock.json'), 'utf8')
  const { platform, arch, versions: { modules } } = process
  const wanted = installStamp(lock, { platform, arch, modules })
  const folder = folderState()
  const stamp = readText(STAMP)
  const { action, reason } = decideInstall({ folder, stamp, wanted, isAsLocked: () => isAsLocked(lock) })
  if (action === 'install') await runInstall(reason, lock)
  if (action !== 'nothing') writeFileSync(STAMP, wanted)
  if (folder !== 'link' && process.platform !== 'win32') linkCommand()
}
