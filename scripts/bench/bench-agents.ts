import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createMemoryStream, main } from 'assemblyscript/asc'
import { packageRoot } from '../../kernel/lifecycle/package-root.js'

/** The agents of the bench, built with the SDK like anybody's. */
export interface BenchAgents {
  readonly metronome: Uint8Array
  readonly volley: Uint8Array
  readonly echo: Uint8Array
}

export async function buildBenchAgents (): Promise<BenchAgents> {
  return {
    metronome: await compiled('scripts/bench/assembly/metronome.ts'),
    volley: await compiled('scripts/bench/assembly/volley.ts'),
    echo: await compiled('examples/echo/echo.ts'),
  }
}

async function compiled (source: string): Promise<Uint8Array> {
  const folder = mkdtempSync(path.join(tmpdir(), 'caxton-bench-agents-'))
  const output = path.join(folder, 'agent.wasm')
  const words = [
    source, '--config', 'plugins/engine-wasm/sdk/asconfig.json', '--outFile', path.relative(packageRoot, output), '--baseDir', packageRoot,
  ]
  const stderr = createMemoryStream()
  const { error } = await main(words, { stderr })
  if (error !== null) throw new Error(`${source} does not compile: ${stderr.toString()}`, { cause: error })
  const module = new Uint8Array(readFileSync(output))
  rmSync(folder, { recursive: true })
  return module
}

/** The same module with a custom section of its own, so that the server has not seen it. */
export function asUnseen (module: Uint8Array, serial: number): Uint8Array {
  const name = Buffer.from(`serial-${serial}`)
  return Buffer.concat([module, Buffer.from([0, name.length + 1, name.length]), name])
}
