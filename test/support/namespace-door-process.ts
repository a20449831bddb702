// Takes connections on a socket file, which all network namespaces see, and carries them to a port of this one: `SOCKET PORT`.
import { connect, createServer } from 'node:net'

const [path = '', port = ''] = process.argv.slice(2)

createServer(near => {
  const far = connect({ host: '127.0.0.1', port: Number(port) })
  near.pipe(far)
  far.pipe(near)
  near.on('error', () => { far.destroy() })
  far.on('error', () => { near.destroy() })
}).listen(path, () => { process.stdout.write('open\n') })
