// npm start: sets up, starts the server on the packaged configuration, deploys a market of agents, shows it trade.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './project.mjs'
import { setUp } from './setup.mjs'

await setUp()
const { showMarket } = await import('./demo/show-market.mjs')
const { serverReady } = await import('./demo/server-ready.mjs')

const program = join(root, 'dist', 'kernel', 'command', 'caxton.js')
const words = ['server', 'start', ...process.argv.slice(2)]
console.log(`$ npx caxton ${words.join(' ')}`)
// As a command, so that Node gets the flags that stand in its first line.
const server = spawn(program, words, {
  stdio: ['ignore', 'inherit', 'pipe'], env: { ...process.env, CAXTON_LOG__FORMAT: 'json' },
})
// Ctrl-C reaches the server too; this process waits for its good end.
const leaving = new AbortController()
process.on('SIGINT', () => leaving.abort())
process.on('SIGTERM', () => {
  leaving.abort()
  server.kill('SIGTERM')
})
// Its last words are read before this process ends too.
server.on('close', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)))

const address = await serverReady(server, leaving)
try {
  await showMarket(address, leaving.signal)
} catch (error) {
  // A server that stops ends its calls before Ctrl-C is noticed here; how it stopped, its exit code says.
  if (error.kind !== 'unavailable') {
    server.kill('SIGTERM')
    throw error
  }
}
