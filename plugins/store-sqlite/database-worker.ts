import { parentPort } from 'node:worker_threads'
import type { Answer, CallName, DatabaseService, Request } from './database-calls.js'
import { SqliteDatabase } from './database.js'
import { toWire } from './wire-failure.js'

/** Entry of the worker thread: carries out calls one after another; commits wait while a migration step is open. */
function serve (post: (answer: Answer) => void, end: () => void): (request: Request) => void {
  const database = new SqliteDatabase()
  const service: DatabaseService = database
  let waiting: Request[] = []

  const carryOut = <K extends CallName>({ id, call, argument }: Request<K>): void => {
    try {
      post({ id, value: service[call](argument) })
    } catch (error) {
      post({ id, failure: toWire(error, database.path) })
    }
  }

  return request => {
    if (request.call === 'commit' && database.isInStep) {
      waiting.push(request)
      return
    }
    carryOut(request)
    if (request.call === 'close') end()
    if (waiting.length === 0 || database.isInStep) return
    const due = waiting
    waiting = []
    due.forEach(carryOut)
  }
}

if (parentPort) {
  const port = parentPort
  // The port holds its listener, and so all that the database keeps, until the thread ends.
  port.on('message', serve(answer => { port.postMessage(answer) }, () => { port.close() }))
}
