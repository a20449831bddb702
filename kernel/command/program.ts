import process from 'node:process'
import { SystemClock } from '../observability/system-clock.js'
import { CommandHost } from './command-host.js'
import type { CommandIndex } from './index/command-index.js'

/** Longest time that `setInterval` takes, in milliseconds. */
const FOR_EVER = 2 ** 31 - 1

/** Runs the command line of this process and ends the process with its exit code. */
export async function runProgram (readIndex: () => Promise<CommandIndex>): Promise<void> {
  const interruption = new AbortController()
  const interrupt = (code: number): void => {
    if (interruption.signal.aborted) process.exit(code)
    interruption.abort(code)
  }
  process.on('SIGINT', () => interrupt(130))
  process.on('SIGTERM', () => interrupt(143))
  process.on('SIGHUP', () => interrupt(129))
  process.stdout.on('error', quietPipe)
  process.stderr.on('error', quietPipe)
  // The clock's timers keep no process alive, but a command may have nothing else to wait for.
  const alive = setInterval(() => {}, FOR_EVER)
  const code = await new CommandHost({
    words: process.argv.slice(2),
    environment: process.env,
    workingFolder: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    clock: new SystemClock(),
    signal: interruption.signal,
    readIndex,
    load: module => import(module),
  }).run()
  clearInterval(alive)
  // What a command left open must not keep the process; what it wrote must arrive.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}

/** A reader that went away, such as `head`, is no failure: nobody is left to tell. */
function quietPipe (error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}
