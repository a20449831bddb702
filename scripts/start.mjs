// npm start: sets up, starts the server on the packaged configuration, deploys the example agents, shows them talk.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './project.mjs'
import { setUp } from './setup.mjs'

await setUp()
const { showAgents } = await import('./demo/show-agents.mjs')
const { serverReady } = await import('./demo/server-ready.mjs')

const program = join(root, 'dist', 'kernel', 'command', 'caxton.js')
const words = ['server', 'start', ...process.argv.slice(2)]
console.log(`$ npx caxton ${words.join(' ')}`)
// As a command, so that Node gets the flags that stand in its first line.
const server = spawn(program, words, {
  stdio: ['ignore', 'inherit', 'pipe'], env: { ...process.env, CAXTON_LOG__FORMAT: 'json' },
})
// Ctrl-C reaches the server too; this process waits for its good end.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => server.kill('SIGTERM'))
server.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)))

const address = await serverReady(server)
await showAgents(address)
