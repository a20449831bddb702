import type { Readable } from 'node:stream'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import type { SessionEvents } from './server-session.js'

/** Longest line of a server's own log that is handed on. */
const LINE = 1_000

/** How a program is started. */
export interface ServerProgram {
  readonly command: string
  readonly args: readonly string[]
  readonly folder: string | undefined
  readonly environment: Readonly<Record<string, string>>
  /** Largest message that it may send, in bytes: with a larger one it is ended. */
  readonly largestMessage: number
}

/**
 * Runs a program that speaks MCP over its standard input and output. It gets its own variables and a few that every program needs, and
 * nothing else of this process's; closing ends it, at once if it does not go by itself.
 */
export function processTransport (program: ServerProgram, events: SessionEvents): StdioClientTransport {
  const { command, args, folder, environment, largestMessage } = program
  const transport = new StdioClientTransport({
    command, args: [...args], env: { ...environment }, stderr: 'pipe', maxBufferSize: largestMessage,
    ...folder === undefined ? {} : { cwd: folder },
  })
  const { stderr } = transport
  if (stderr !== null) sayLines(stderr as Readable, line => { events.said(line) })
  return transport
}

/** A line that never ends is cut, and takes no more room than others. */
function sayLines (stream: Readable, say: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = text.split('\n')
    lines[0] = rest + (lines[0] ?? '')
    rest = (lines.pop() ?? '').slice(0, LINE)
    for (const line of lines) say(line.replace(/\r$/, '').slice(0, LINE))
  })
  stream.on('end', () => { if (rest !== '') say(rest) })
}
