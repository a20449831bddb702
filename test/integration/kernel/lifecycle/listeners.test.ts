import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect } from 'chai'
import {
  isCaxtonError, type CaxtonError, type Listening, type ListenRequest,
} from '../../../../kernel/contract/index.js'
import { NetListeners } from '../../../../kernel/lifecycle/listeners.js'
import { MetricsRegistry } from '../../../../kernel/observability/metrics.js'
import { noEvents } from '../../../support/quiet-context.js'
import { RecordingLogger } from '../../../support/recording-logger.js'
import { until } from '../../../support/until.js'

const BARE: ListenRequest = {
  purpose: 'test API', host: '127.0.0.1', port: 0, protection: { encrypted: false, authenticated: 'operations' },
}

describe('listeners', () => {
  const opened: Listening[] = []
  const sockets: Socket[] = []
  let log: RecordingLogger
  let metrics: MetricsRegistry

  beforeEach(() => {
    log = new RecordingLogger()
    metrics = new MetricsRegistry()
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    for (const listening of opened.splice(0)) await listening.close()
  })

  const listenersWith =
    (someoneAuthenticates: boolean): NetListeners => new NetListeners(someoneAuthenticates, log, metrics, noEvents)
  const listen = async (
    listeners: NetListeners, change: Partial<ListenRequest> = {}, accept = (_: Socket): void => {},
  ): Promise<Listening> => {
    const listening = await listeners.listen({ ...BARE, ...change }, socket => { sockets.push(socket); accept(socket) })
    opened.push(listening)
    return listening
  }
  const dial = async (listening: Listening): Promise<Socket> => {
    const socket = connect(listening.port, listening.host)
    sockets.push(socket)
    await once(socket, 'connect')
    return socket
  }
  const refusal = async (work: Promise<unknown>): Promise<CaxtonError> => {
    const error: unknown = await work.then(() => undefined, (reason: unknown) => reason)
    if (isCaxtonError(error)) return error
    throw new Error(`not refused: ${String(error)}`)
  }

  it('hands over connections and lists the port that the system chose', async () => {
    const listeners = listenersWith(false)
    const accepted = new Promise<Socket>(resolve => { void listen(listeners, {}, resolve).then(dial) })
    expect((await accepted).remoteAddress).to.equal('127.0.0.1')
    expect(listeners.list()).to.have.length(1)
    expect(listeners.list()[0]).to.include({ purpose: 'test API', host: '127.0.0.1' })
    expect(listeners.list()[0]?.port).to.be.above(0)
  })

  it('refuses an address that others reach, saying what it lacks', async () => {
    const error = await refusal(listen(listenersWith(false), { host: '0.0.0.0' }))
    expect(error.code).to.equal('LISTENER_UNPROTECTED')
    expect(error.message).to.include('lacks TLS and an authenticator')
  })

  it('does not count the operations chain as protection while nobody authenticates on it', async () => {
    const protection = { encrypted: true, authenticated: 'operations' } as const
    const error = await refusal(listen(listenersWith(false), { host: '0.0.0.0', protection }))
    expect(error.details).to.have.property('lacks').that.deep.equals(['an authenticator'])
    expect((await listen(listenersWith(true), { host: '0.0.0.0', protection })).port).to.be.above(0)
  })

  it('refuses an authenticated listener without TLS', async () => {
    const error = await refusal(listen(listenersWith(true), { host: '::' }))
    expect(error.details).to.have.property('lacks').that.deep.equals(['TLS'])
  })

  it('lets a listener that demands its own proof do without an authenticator', async () => {
    await listen(listenersWith(false), { host: '0.0.0.0', protection: { encrypted: true, authenticated: true } })
  })

  it('names the port, and the process that holds it, when it is taken', async () => {
    const listeners = listenersWith(false)
    const { port } = await listen(listeners)
    const error = await refusal(listen(listeners, { port }))
    expect(error.code).to.equal('LISTENER_ADDRESS_IN_USE')
    const holder = process.platform === 'linux' ? `process ${process.pid} (` : 'another process'
    expect(error.message).to.include(`test API can't listen on 127.0.0.1:${port}: the port is taken by ${holder}`)
  })

  it('says why another address can not be bound', async () => {
    const error = await refusal(listen(listenersWith(true), { host: '192.0.2.1', protection: { encrypted: true, authenticated: true } }))
    expect(error.code).to.equal('LISTENER_FAILED')
    expect(error.message).to.include('192.0.2.1').and.to.include('EADDRNOTAVAIL')
  })

  it('closes connections beyond the most it may have, and counts them', async () => {
    const listening = await listen(listenersWith(false), { maxConnections: 1 })
    const first = await dial(listening)
    const second = await dial(listening)
    await once(second, 'close')
    expect(first.destroyed).to.equal(false)
    expect(metrics.snapshot('caxton_connections_dropped_total')[0]?.samples).to.deep.equal([
      { labels: { purpose: 'test API', because: 'all' }, value: 1 },
    ])
  })

  it('closes connections beyond the most that one address may have, and takes others', async () => {
    const listening = await listen(listenersWith(false), { maxPerAddress: 2 })
    const from = async (localAddress: string): Promise<Socket> => {
      const socket = connect({ port: listening.port, host: listening.host, localAddress })
      sockets.push(socket)
      await once(socket, 'connect')
      return socket
    }
    const isTaken = (socket: Socket): Promise<void> => until(() => sockets.some(each => each.remotePort === socket.localPort))
    const isOpen = (socket: Socket): Promise<boolean> =>
      Promise.race([once(socket, 'close').then(() => false), isTaken(socket).then(() => true, () => false)])
    const [first, second, third] = [await from('127.0.0.1'), await from('127.0.0.1'), await from('127.0.0.1')]
    expect(await Promise.all([first, second, third].map(isOpen))).to.deep.equal([true, true, false])
    expect(await isOpen(await from('127.0.0.2'))).to.equal(true)
    const gone = sockets.find(each => each.remotePort === first.localPort)
    first.destroy()
    if (gone !== undefined && !gone.closed) await once(gone, 'close')
    expect(await isOpen(await from('127.0.0.1'))).to.equal(true)
    expect(metrics.snapshot('caxton_connections_dropped_total')[0]?.samples).to.deep.equal([
      { labels: { purpose: 'test API', because: 'address' }, value: 1 },
    ])
  })

  it('closes a connection that its plugin can not take, and goes on', async () => {
    const listening = await listen(listenersWith(false), {}, () => { throw new Error('no') })
    await once(await dial(listening), 'close')
    await once(await dial(listening), 'close')
    expect(log.lines.filter(line => line.level === 'error')).to.have.length(2)
  })

  it('frees the port at once when it closes, while connections stay open', async () => {
    const listeners = listenersWith(false)
    const listening = await listen(listeners)
    const socket = await dial(listening)
    await listening.close()
    expect(listeners.list()).to.deep.equal([])
    await listen(listeners, { port: listening.port })
    expect(socket.destroyed).to.equal(false)
  })
})
