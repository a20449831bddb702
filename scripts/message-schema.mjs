// Writes docs/message.schema.json, the JSON Schema of a message, from the data that the reader of that form works on; with
// --check it only says whether the file is up to date. Needs a build.
import { messageJsonSchema } from '../dist/kernel/contract/acl/message-schema.js'
import { keepDocument } from './keep-document.mjs'

await keepDocument('docs/message.schema.json', [JSON.stringify(messageJsonSchema(), null, 2)])
