import type { Clock, Gauge, Health, Logger, Metrics, SecurityEvents } from '../../kernel/contract/index.js'

const DAY = 24 * 60 * 60 * 1000
/** From here on the operator is told. */
const NOTICE_DAYS = 30

type Age = 'not yet' | 'good' | 'ending' | 'over'

/** Something that ends. Times in milliseconds since the Unix epoch. */
export interface Aging {
  readonly kind: 'node' | 'authority' | 'revocations'
  /** Whose it is: the name in the certificate. */
  readonly name: string
  /** `the certificate in tls/node.pem` */
  readonly what: string
  readonly from: number
  readonly until: number
  /** What happens when it is over: `every peer refuses it until it is replaced`. */
  readonly after: string
}

interface Watched {
  readonly aging: Aging
  noted: Age
}

/** Watches when certificates end, and says so once for each step: when few days are left, and when one is over. */
export class CertificateAge {
  readonly #until: Gauge
  #watched: readonly Watched[] = []

  constructor (
    private readonly clock: Clock, private readonly log: Logger, metrics: Metrics, private readonly events: SecurityEvents,
  ) {
    this.#until = metrics.gauge(
      'caxton_certificate_not_after_seconds', 'When each certificate ends, in seconds since the Unix epoch.', ['kind', 'name'])
  }

  watch (all: readonly Aging[]): void {
    this.#watched = all.map(aging => ({ aging, noted: 'good' }))
    for (const { kind, name, until } of all) this.#until.set(until / 1_000, { kind, name })
    this.note()
  }

  note (): void {
    for (const watched of this.#watched) this.#note(watched)
  }

  health (): Health {
    const aged = this.#watched.map(({ aging }) => ({ age: this.#age(aging), aging })).filter(({ age }) => age !== 'good')
    const worst = aged.find(({ age }) => age !== 'ending') ?? aged[0]
    if (worst === undefined) return { state: 'ready' }
    return { state: worst.age === 'ending' ? 'ready' : 'degraded', detail: this.#sentence(worst.age, worst.aging) }
  }

  #note (watched: Watched): void {
    const { aging, noted } = watched
    const age = this.#age(aging)
    if (age === noted) return
    watched.noted = age
    if (age === 'good') return
    const because = this.#sentence(age, aging)
    const fields = { from: new Date(aging.from).toISOString(), until: new Date(aging.until).toISOString() }
    if (age === 'ending') this.log.warn(because, fields)
    else this.log.error(because, fields)
    const what = age === 'ending' ? 'certificate-expiring' : age === 'over' ? 'certificate-expired' : 'certificate-not-yet-valid'
    this.events.note({ what, resource: aging.name, result: 'warning', because })
  }

  #age ({ from, until }: Aging): Age {
    const now = this.clock.now()
    if (now < from) return 'not yet'
    if (now >= until) return 'over'
    return until - now <= NOTICE_DAYS * DAY ? 'ending' : 'good'
  }

  #sentence (age: Age, { what, from, until, after }: Aging): string {
    if (age === 'not yet') return `${what} is not valid before ${new Date(from).toISOString()}: check the machine's clock`
    if (age === 'over') return `${what} expired on ${new Date(until).toISOString()}: ${after}`
    return `${what} expires in ${Math.ceil((until - this.clock.now()) / DAY)} days: replace it in time`
  }
}
