// npm run bench: sets up, then measures the running server. Arguments: parts of section names, --json FILE, --full.
import { setUp } from './setup.mjs'

await setUp()
await import('../dist/scripts/bench/bench.js')
