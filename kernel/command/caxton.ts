#!/usr/bin/env -S node --disable-wasm-trap-handler
import process from 'node:process'
import { CommandHost } from './command-host.js'
import { readCommandIndex } from './index/command-index.js'
import { systemClock } from './system-clock.js'

const interruption = new AbortController()

function interrupt (code: number): void {
  if (interruption.signal.aborted) process.exit(code)
  interruption.abort(code)
}

/** A reader that went away, such as `head`, is no failure: there is nobody left to tell. */
function quietPipe (error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}

process.on('SIGINT', () => interrupt(130))
process.on('SIGTERM', () => interrupt(143))
process.stdout.on('error', quietPipe)
process.stderr.on('error', quietPipe)

// Timers of the clock keep no process alive; a command that waits for one must.
const alive = setInterval(() => {}, 0x7fff_ffff)
const code = await new CommandHost({
  words: process.argv.slice(2),
  environment: process.env,
  workingFolder: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  signal: interruption.signal,
  readIndex: readCommandIndex,
  load: module => import(module),
}).run()
clearInterval(alive)
// What a command left open must not keep the program; what it wrote must arrive.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
