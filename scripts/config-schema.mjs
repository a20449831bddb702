// Writes config/caxton.schema.json, which editors use, from the kernel's schema and those of all built-in plugins; with
// --check it only says whether the file is up to date. Needs a build.
import { fileURLToPath } from 'node:url'
import { configurationJsonSchema } from '../dist/kernel/lifecycle/configuration/json-schema.js'
import { builtInPlugins } from '../dist/kernel/lifecycle/plugins/plugin-loader.js'
import { keepDocument } from './keep-document.mjs'

const schema = configurationJsonSchema(await builtInPlugins(fileURLToPath(new URL('../dist/plugins', import.meta.url))))
await keepDocument('config/caxton.schema.json', [JSON.stringify(schema, null, 2)])
