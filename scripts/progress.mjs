import { spawn } from 'node:child_process'

const PLAIN_INTERVAL = 10_000
const LIVE_INTERVAL = 200
const KEPT_CHARACTERS = 200_000

/** Shows how long something takes: one live line for a person, a line every ten seconds for a log. */
export class Progress {
  #began = Date.now()
  #timer
  #output

  constructor (label, output = process.stderr) {
    this.label = label
    this.#output = output
    const live = output.isTTY === true
    this.#timer = setInterval(() => output.write(live ? `\r\u001b[2K${this.#line()}` : `${this.#line()}\n`),
      live ? LIVE_INTERVAL : PLAIN_INTERVAL)
  }

  end (word) {
    clearInterval(this.#timer)
    this.#output.write(`${this.#output.isTTY === true ? '\r\u001b[2K' : ''}${this.#line()}, ${word}\n`)
  }

  #line () {
    return `  ${this.label}: ${Math.round((Date.now() - this.#began) / 1000)} s`
  }
}

/**
 * Runs a command with its progress shown and its output kept. Resolves to `{ ok, output }`; `labelOf` may turn
 * a piece of the output into a better label for what is going on.
 */
export async function runVisibly (label, command, args, { environment, folder, labelOf }) {
  const progress = new Progress(label)
  let output = ''
  const child = spawn(command, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const keep = chunk => {
    output = (output + chunk).slice(-KEPT_CHARACTERS)
    progress.label = labelOf(String(chunk)) ?? progress.label
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ok = await new Promise(resolve => {
    child.once('error', error => {
      output += error.message
      resolve(false)
    })
    child.once('close', code => resolve(code === 0))
  })
  progress.end(ok ? 'done' : 'failed')
  return { ok, output }
}
