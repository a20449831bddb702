import type { Terminal } from '../../contract/command.js'
import type { CheckResult } from '../../lifecycle/server.js'

/** Shows what keeps a server from starting, and gives the exit code for it. */
export function showReport (terminal: Terminal, { text, data, exitCode }: CheckResult): number {
  if (terminal.output === 'human') {
    for (const line of text.trimEnd().split('\n')) terminal.item(line, line)
  } else {
    terminal.record([], data)
  }
  return exitCode
}
