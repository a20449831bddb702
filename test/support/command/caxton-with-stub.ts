import { readCommandIndex } from '../../../kernel/command/index/command-index.js'
import { runProgram } from '../../../kernel/command/program.js'

// The program as it is, but for its way to the server.
const connector = new URL('./stub-grpc-connector.js', import.meta.url).href
await runProgram(async () => ({ ...await readCommandIndex(), connector }))
