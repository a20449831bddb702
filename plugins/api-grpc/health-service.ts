import { status, type Server, type ServerUnaryCall, type ServerWritableStream, type sendUnaryData } from '@grpc/grpc-js'
import { service as healthDefinition } from 'grpc-health-check'
import type { Clock } from '../../kernel/contract/index.js'
import { CallFailed } from './call-failed.js'
import { drained } from './operation-services.js'

type Serving = 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN'
interface HealthRequest { readonly service: string }
interface HealthAnswer { readonly status: Serving }
type Check = ServerUnaryCall<HealthRequest, HealthAnswer>
type Watch = ServerWritableStream<HealthRequest, HealthAnswer>

const MOST_WATCHERS = 100
const PAUSE = 1_000

/**
 * The standard health service (grpc.health.v1). The server's name is empty; each service has the server's health.
 * grpc-health-check brings the definition; its implementation keeps an entry for every name that anyone ever asked for,
 * so this one answers itself.
 */
export class HealthService {
  private watchers = 0

  /** `serving`: whether the server takes calls; asked at each check, and every second while somebody watches. */
  constructor (
    private readonly services: ReadonlySet<string>,
    private readonly serving: () => boolean,
    private readonly clock: Clock,
  ) {}

  addTo (server: Server): void {
    server.addService(healthDefinition, {
      check: (call: Check, callback: sendUnaryData<HealthAnswer>) => { this.check(call, callback) },
      list: (_call: unknown, callback: sendUnaryData<object>) => { callback(null, { statuses: this.statuses() }) },
      watch: (call: Watch) => {
        this.watch(call).then(() => { call.end() }, (failure: unknown) => { call.emit('error', failure) })
      },
    })
  }

  private check ({ request }: Check, callback: sendUnaryData<HealthAnswer>): void {
    const found = this.statusOf(request.service)
    if (found === 'SERVICE_UNKNOWN') callback(failure(status.NOT_FOUND, 'the server has no such service'))
    else callback(null, { status: found })
  }

  private async watch (call: Watch): Promise<void> {
    const full = this.watchers >= MOST_WATCHERS
    if (full) throw failure(status.RESOURCE_EXHAUSTED, `${MOST_WATCHERS} callers watch already`)
    const gone = new AbortController()
    call.once('cancelled', () => { gone.abort() })
    this.watchers++
    try {
      let told: Serving | undefined
      while (!gone.signal.aborted) {
        const now = this.statusOf(call.request.service)
        if (now !== told && !call.write({ status: now })) await drained(call, gone.signal)
        told = now
        await this.pause(gone.signal)
      }
    } finally {
      this.watchers--
    }
  }

  private pause (signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const timer = this.clock.after(PAUSE, resolve)
      signal.addEventListener('abort', () => { timer.cancel(); resolve() }, { once: true })
    })
  }

  private statuses (): Record<string, HealthAnswer> {
    return Object.fromEntries(['', ...this.services].map(name => [name, { status: this.statusOf(name) }]))
  }

  private statusOf (service: string): Serving {
    if (service !== '' && !this.services.has(service)) return 'SERVICE_UNKNOWN'
    return this.serving() ? 'SERVING' : 'NOT_SERVING'
  }
}

function failure (code: status, message: string): CallFailed {
  return new CallFailed({ status: code, message, trailers: [] })
}
