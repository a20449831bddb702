import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { TicketSecretShort } from './errors.js'

/** How every ticket begins: `ticket.NAME.END.SIGNATURE`. */
export const PREFIX = 'ticket.'
const PARTS = /^ticket\.([a-z0-9-]{1,64})\.(\d{1,15})\.([A-Za-z0-9_-]{43})$/
const LEAST_LETTERS = 32

/** What a good ticket says: whose it is, and until when, in milliseconds since the Unix epoch. */
export interface Ticket {
  readonly name: string
  readonly end: number
}

/** Makes and reads tickets with one secret. */
export class TicketOffice {
  constructor (private readonly secret: string) {
    if (secret.length < LEAST_LETTERS) throw TicketSecretShort({ letters: secret.length })
  }

  make ({ name, end }: Ticket): string {
    const said = `${name}.${Math.floor(end)}`
    return `${PREFIX}${said}.${this.#sign(said)}`
  }

  /** Undefined: it was not made with this secret, or something of it was changed. */
  read (text: string): Ticket | undefined {
    const [, name = '', end = '', signature = ''] = PARTS.exec(text) ?? []
    return isSame(signature, this.#sign(`${name}.${end}`)) ? { name, end: Number(end) } : undefined
  }

  #sign (said: string): string {
    return createHmac('sha256', this.secret).update(said).digest('base64url')
  }
}

/** Texts, not the bytes that they stand for: several texts may stand for the same bytes. */
function isSame (one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
