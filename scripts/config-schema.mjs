// Writes config/caxton.schema.json, which editors use, from the kernel's schema and those of all built-in plugins. Needs a build.
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { configurationJsonSchema } from '../dist/kernel/lifecycle/configuration/json-schema.js'
import { builtInPlugins } from '../dist/kernel/lifecycle/plugins/plugin-loader.js'

const inRoot = path => fileURLToPath(new URL(`../${path}`, import.meta.url))
const schema = configurationJsonSchema(await builtInPlugins(inRoot('dist/plugins')))
await writeFile(inRoot('config/caxton.schema.json'), `${JSON.stringify(schema, null, 2)}\n`)
console.log('wrote config/caxton.schema.json')
