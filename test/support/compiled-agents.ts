import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this package. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** The bytes of an example, built if need be; undefined, the reason printed, when it can't be built on this machine. */
export function exampleModule (name: string): Uint8Array | undefined {
  const run = spawnSync(process.execPath, [join(ROOT, 'scripts/build-examples.mjs')], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(run.stderr)
  const file = join(ROOT, 'examples/build', `${name}.wasm`)
  if (existsSync(file)) return readFileSync(file)
  process.stdout.write(run.stdout)
  return undefined
}

const compiled = new Map<string, Uint8Array>()

/** Compiles an agent of the tests as an author would: by the `asc` command, with the SDK's configuration. Once per run. */
export function compileAgent (source: string): Uint8Array {
  const module = compiled.get(source) ?? runCompiler(source)
  compiled.set(source, module)
  return module
}

function runCompiler (source: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'caxton-agent-'))
  try {
    const asc = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js')
    const words = [source, '--config', 'plugins/engine-wasm/sdk/asconfig.json', '--outFile', join(folder, 'agent.wasm')]
    const run = spawnSync(process.execPath, [asc, ...words], { cwd: ROOT, encoding: 'utf8' })
    if (run.status !== 0) throw new Error(run.stderr)
    return readFileSync(join(folder, 'agent.wasm'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
