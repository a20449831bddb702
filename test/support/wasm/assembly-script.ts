import { readFile } from 'node:fs/promises'
import asc from 'assemblyscript/asc'

/** The root of the source tree, seen from the compiled tests. */
const SOURCES = new URL('../../../../test/fixtures/wasm/assembly/', import.meta.url)

/** Compiles `test/fixtures/wasm/assembly/<name>.ts` in memory. */
export async function compileAssemblyScript (name: string, flags: readonly string[]): Promise<Uint8Array> {
  const source = await readFile(new URL(`${name}.ts`, SOURCES), 'utf8')
  let output: Uint8Array | undefined
  const { error } = await asc.main([`${name}.ts`, '--outFile', 'out.wasm', ...flags], {
    readFile: file => file === `${name}.ts` ? source : null,
    writeFile: (file, contents) => {
      if (file === 'out.wasm' && typeof contents !== 'string') output = contents
    },
    listFiles: () => [],
  })
  if (error || !output) throw new Error(`${name}.ts does not compile`, { cause: error })
  return output
}
