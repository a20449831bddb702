// Writes docs/metrics.md from a running server that has everything; with --check it only says whether the file is up to date.
import { metricsDocument } from '../dist/test/support/metrics-document.js'
import { ObservedServer } from '../dist/test/support/observed-server.js'
import { keepDocument } from './keep-document.mjs'

const observed = await ObservedServer.start()
try {
  await keepDocument('docs/metrics.md', metricsDocument(await observed.metrics()))
} finally {
  await observed.stop()
}
