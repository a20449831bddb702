// Writes dist/command-index.json and dist/error-index.json, and makes the compiled `caxton` executable. Runs after tsc.
import { chmod, writeFile } from 'node:fs/promises'

const dist = new URL('../dist/', import.meta.url)
const { buildIndexes } = await import(new URL('kernel/command/index/index-builder.js', dist).href)

try {
  const { commands, errors } = await buildIndexes(dist)
  await writeFile(new URL('command-index.json', dist), JSON.stringify(commands))
  await writeFile(new URL('error-index.json', dist), JSON.stringify(errors))
  await chmod(new URL('kernel/command/caxton.js', dist), 0o755)
} catch (error) {
  console.error(`index-commands: ${error.message}${error.remedy === undefined ? '' : `\n${error.remedy}`}`)
  process.exitCode = 1
}
