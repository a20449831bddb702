// npm run build: compiles, then makes what is made from the compiled code.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { install } from './install.mjs'
import { requireNode } from './node-version.mjs'
import { commandOf, Complaint, giveUp, inProject, isStarted, root } from './project.mjs'
import { buildStamp, sourceSignature, staleOutputs } from './sources.mjs'

/** The steps that follow the compiler, in order. */
const STEPS = ['index-commands.mjs', 'build-examples.mjs']
const COMMAND = inProject('dist', 'kernel', 'command', 'caxton.js')

const lastBuilt = () => existsSync(buildStamp) ? readFileSync(buildStamp, 'utf8') : undefined

function run (args, what) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Complaint(`${what} failed.`, 'What is wrong stands above.')
}

/** Builds, whether or not anything has changed since the last time. */
export function build () {
  const began = Date.now()
  const signature = sourceSignature()
  // A build that did not end may have lost files that the compiler believes to be there.
  if (lastBuilt() === undefined) rmSync(inProject('dist', 'tsconfig.tsbuildinfo'), { force: true })
  rmSync(buildStamp, { force: true })
  for (const path of staleOutputs()) rmSync(inProject(path), { force: true })
  run([commandOf('typescript', 'tsc'), '-p', '.'], 'Compiling')
  for (const step of STEPS) {
    const script = inProject('scripts', step)
    if (existsSync(script)) run([script], `scripts/${step}`)
  }
  if (existsSync(COMMAND)) chmodSync(COMMAND, 0o755)
  writeFileSync(buildStamp, signature)
  console.error(`Built in ${((Date.now() - began) / 1000).toFixed(1)} s.`)
}

/** Builds if a source has changed since the last build. */
export function buildIfNeeded () {
  if (lastBuilt() !== sourceSignature()) build()
}

if (isStarted(import.meta.url)) {
  try {
    requireNode()
    await install()
    build()
  } catch (error) {
    giveUp(error)
  }
}
