import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createMemoryStream, main } from 'assemblyscript/asc'
import { packageRoot } from '../../kernel/lifecycle/package-root.js'

/** The agents of the bench, built with the SDK like anybody's, each when it is first asked for. */
export class BenchAgents {
  readonly #built = new Map<string, Promise<Uint8Array>>()

  get metronome (): Promise<Uint8Array> { return this.#build('scripts/bench/assembly/metronome.ts') }
  get volley (): Promise<Uint8Array> { return this.#build('scripts/bench/assembly/volley.ts') }
  get requester (): Promise<Uint8Array> { return this.#build('scripts/bench/assembly/requester.ts') }
  get manager (): Promise<Uint8Array> { return this.#build('scripts/bench/assembly/manager.ts') }
  get bidder (): Promise<Uint8Array> { return this.#build('scripts/bench/assembly/bidder.ts') }
  get sender (): Promise<Uint8Array> { return this.#build('scripts/bench/assembly/sender.ts') }
  get echo (): Promise<Uint8Array> { return this.#build('examples/echo/echo.ts') }

  #build (source: string): Promise<Uint8Array> {
    const known = this.#built.get(source)
    if (known !== undefined) return known
    const module = compiled(source)
    this.#built.set(source, module)
    return module
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
