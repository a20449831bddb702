import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './compiled-agents.js'
import { assemble } from './wasm/assemble.js'

const assembled = new Map<string, Promise<Uint8Array>>()

async function fromText (path: string): Promise<Uint8Array> {
  return assemble(await readFile(join(ROOT, path), 'utf8'))
}

function once (path: string): Promise<Uint8Array> {
  const module = assembled.get(path) ?? fromText(path)
  assembled.set(path, module)
  return module
}

/** The agent of `test/fixtures/hostile/<name>.wat`. */
export const hostileModule = (name: string): Promise<Uint8Array> => once(`test/fixtures/hostile/${name}.wat`)

/** The example agent that answers every request with what it said, written in WebAssembly text. */
export const echoModule = (): Promise<Uint8Array> => once('examples/echo-wat/echo.wat')

/** Hands messages on to the agent that its configuration names: `test/fixtures/agents/relay.wat`. */
export const relayModule = (): Promise<Uint8Array> => once('test/fixtures/agents/relay.wat')

/** Begins a conversation with the agent that its configuration names: `test/fixtures/agents/negotiator.wat`. */
export const negotiatorModule = (): Promise<Uint8Array> => once('test/fixtures/agents/negotiator.wat')
