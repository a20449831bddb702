import { parentPort } from 'node:worker_threads'
import type { StateAnswer, StateCallName, StateRequest, StateService } from './state-calls.js'
import { StateDatabase } from './state-database.js'
import { toWire } from './state-failure.js'

/** Entry of the worker thread: carries out calls one after another. */
function serve (post: (answer: StateAnswer) => void, end: () => void): (request: StateRequest) => void {
  const database = new StateDatabase()
  const service: StateService = database
  const carryOut = <K extends StateCallName>({ id, call, argument }: StateRequest<K>): void => {
    try {
      post({ id, value: service[call](argument) })
    } catch (error) {
      post({ id, failure: toWire(error, database.path) })
    }
  }
  return request => {
    carryOut(request)
    if (request.call === 'close') end()
  }
}

if (parentPort) {
  const port = parentPort
  // The port holds its listener, and so all that the database keeps, until the thread ends.
  port.on('message', serve(answer => { port.postMessage(answer) }, () => { port.close() }))
}
