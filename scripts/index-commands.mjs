// Writes dist/command-index.json and dist/error-index.json. Runs after tsc.
import { writeFile } from 'node:fs/promises'

const dist = new URL('../dist/', import.meta.url)
const { buildIndexes } = await import(new URL('kernel/command/index/index-builder.js', dist).href)

try {
  const { commands, errors } = await buildIndexes(dist)
  await writeFile(new URL('command-index.json', dist), JSON.stringify(commands))
  await writeFile(new URL('error-index.json', dist), JSON.stringify(errors))
} catch (error) {
  console.error(`index-commands: ${error.message}${error.remedy === undefined ? '' : `\n${error.remedy}`}`)
  process.exitCode = 1
}
