import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
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
  if (stderr !== null) {
    // Its lines are bounded by what a stream holds; a longer one is cut.
    const lines = createInterface({ input: stderr as Readable, crlfDelay: Infinity })
    lines.on('line', line => { events.said(line.slice(0, LINE)) })
  }
  return transport
}
