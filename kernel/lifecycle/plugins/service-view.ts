import type { Named, Scoped, Token } from '../../contract/index.js'

/** One that provides services, as those see it that use them. */
interface Provider {
  readonly entry: { readonly instance: string }
  /** Its services may be used when this is `ready`. */
  readonly state: string
  /** Its service for a token id. */
  service (token: string): unknown
}

/**
 * What one consumer receives for a token: the service, or undefined where nobody provides it, or the list of all with
 * the names of those that provide them. Of a scoped token it receives its own part.
 */
export function serviceFor (token: Token<unknown>, consumer: string, providers: readonly Provider[]): unknown {
  const named: Array<Named<unknown>> = providers.filter(provider => provider.state === 'ready').map(provider =>
    ({ instance: provider.entry.instance, service: viewOf(token, provider.service(token.id), consumer) }))
  return token.need === 'many' ? Object.freeze(named) : named[0]?.service
}

function viewOf (token: Token<unknown>, service: unknown, consumer: string): unknown {
  return token.scoped && isScoped(service) ? service.scopeFor(consumer) : service
}

export function isScoped (service: unknown): service is Scoped<unknown> {
  return typeof service === 'object' && service !== null &&
    'scopeFor' in service && typeof service.scopeFor === 'function'
}
