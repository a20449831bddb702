import 'reflect-metadata'
import { serveBareEcho } from './bare-tls-echo.js'
import { serveEcho, type Carrier } from './link-bench-node.js'

/** The other process of the measurements between nodes: tells its port, and ends with its parent. */
const [wanted = ''] = process.argv.slice(2)
const port = wanted === 'bare' ? await serveBareEcho() : await serveEcho(JSON.parse(wanted) as Carrier)
process.on('disconnect', () => { process.exit() })
process.send?.(port)
