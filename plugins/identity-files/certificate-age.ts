import type { X509Certificate } from 'node:crypto'
import type { Clock, Health, Logger } from '../../kernel/contract/index.js'

const DAY = 24 * 60 * 60 * 1000
/** From here on the operator is told. */
const NOTICE_DAYS = 30

type Age = 'not yet' | 'good' | 'ending' | 'over'

/**
 * Watches when the node's certificate ends, and says so once for each step: when few days are left, and when it is
 * over.
 */
export class CertificateAge {
  #from = 0
  #until = Infinity
  #file = ''
  #noted: Age = 'good'

  constructor (private readonly clock: Clock, private readonly log: Logger) {}

  /** ISO date, or undefined when there is no certificate. */
  get expires (): string | undefined {
    return this.#file === '' ? undefined : new Date(this.#until).toISOString()
  }

  watch (certificate: X509Certificate, file: string): void {
    this.#from = Date.parse(certificate.validFrom)
    this.#until = Date.parse(certificate.validTo)
    this.#file = file
    this.#noted = 'good'
    this.note()
  }

  note (): void {
    const age = this.#age()
    if (age === this.#noted) return
    this.#noted = age
    const fields = { from: new Date(this.#from).toISOString(), until: this.expires }
    if (age === 'ending') this.log.warn(this.#sentence(age), fields)
    else if (age !== 'good') this.log.error(this.#sentence(age), fields)
  }

  health (): Health {
    const age = this.#age()
    if (age === 'good') return { state: 'ready' }
    return { state: age === 'ending' ? 'ready' : 'degraded', detail: this.#sentence(age) }
  }

  #age (): Age {
    const now = this.clock.now()
    if (now < this.#from) return 'not yet'
    if (now >= this.#until) return 'over'
    return this.#until - now <= NOTICE_DAYS * DAY ? 'ending' : 'good'
  }

  #sentence (age: Age): string {
    const name = `the certificate in ${this.#file}`
    if (age === 'not yet') return `${name} is not valid before ${new Date(this.#from).toISOString()}: check the machine's clock`
    if (age === 'over') return `${name} expired on ${this.expires ?? ''}: every peer refuses it until it is replaced`
    return `${name} expires in ${Math.ceil((this.#until - this.clock.now()) / DAY)} days: replace it in time`
  }
}
