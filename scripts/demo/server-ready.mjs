import { createInterface } from 'node:readline'

const LEVELS = { warn: 'warning: ', error: 'error: ' }

/**
 * Follows a server's log, which comes as JSON lines, and shows people what matters of it. Resolves to the address of the API when
 * the server is ready; whatever is no log line, such as a report of problems, is shown as it is. Aborts `leaving` when it stops.
 */
export function serverReady (server, leaving) {
  return new Promise(resolve => {
    let address = ''
    createInterface({ input: server.stderr }).on('line', text => {
      const line = parsed(text)
      if (line === undefined) console.error(text)
      else if (line.msg === 'listening' && line.part === 'kernel-listeners') address = `${line.address}:${line.port}`
      else if (line.msg === 'server ready') {
        console.log(`The server is ready after ${line.milliseconds} ms; its API is on ${address}.\n`)
        resolve(address)
      } else if (line.msg === 'server stops') {
        leaving.abort()
        console.log('The server stops ...')
      } else if (line.level in LEVELS) console.error(`${LEVELS[line.level]}${line.part}: ${line.msg}${details(line)}`)
    })
  })
}

function parsed (text) {
  try {
    const line = JSON.parse(text)
    return typeof line === 'object' && line !== null && 'msg' in line ? line : undefined
  } catch {
    return undefined
  }
}

function details ({ level: _, time: __, part: ___, msg: ____, ...rest }) {
  const fields = Object.entries(rest).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return fields.length === 0 ? '' : ` (${fields.join(', ')})`
}
