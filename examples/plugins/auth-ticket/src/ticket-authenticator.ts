import {
  bearerOf, ClockToken, CredentialRefused, inject, injectable, PluginConfig, PluginContextToken,
  type Authenticator, type Clock, type Origin, type PluginContext, type PluginLife, type Principal,
} from 'caxton-server/contract'
import type { TicketConfig } from './config.js'
import { PREFIX, TicketOffice } from './ticket.js'

@injectable()
export class TicketAuthenticator implements Authenticator, PluginLife {
  #office: TicketOffice | undefined

  constructor (
    @inject(ClockToken) private readonly clock: Clock,
    @inject(PluginConfig) private readonly config: TicketConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {}

  async start (): Promise<void> {
    this.#office = new TicketOffice(this.config.secret.reveal())
  }

  async authenticate (origin: Origin): Promise<Principal | undefined> {
    const text = bearerOf(origin)
    if (text === undefined || !text.startsWith(PREFIX)) return undefined
    const ticket = this.#office?.read(text)
    if (ticket === undefined) throw refused('it was not made with the secret of this server')
    const left = ticket.end - this.clock.now()
    if (left <= 0) throw refused('its time is over')
    if (left > this.config.longest) throw refused('it would be good for longer than this server allows')
    return { name: `ticket:${ticket.name}`, method: this.context.instance, roles: [...this.config.roles] }
  }
}

const refused = (because: string): Error => CredentialRefused({ credential: 'a ticket', because })
