/** How many providers a consumer asks for: exactly one, none or one, any number. */
export type Need = 'one' | 'maybe' | 'many'

/**
 * Names a service and carries its type. Two tokens with one id are one token, even when they come from two copies
 * of this package, so a plugin in plain JavaScript may write one by hand.
 */
export interface Token<T, N extends Need = Need> {
  /** `<owner>/<name>@<version>`, for example `caxton/transport@1`. A breaking change of the service gets a new version. */
  readonly id: string
  readonly need: N
  /**
   * True when every consumer gets its own view of the service: the provider then implements {@link Scoped} and each
   * consumer is handed what `scopeFor` returns for its instance name.
   */
  readonly scoped: boolean
  /** Never set. It only ties the type to the token. */
  readonly type?: T
}

/** What the provider of a scoped token implements. The host calls it once per consumer, before `start`; it must not block. */
export interface Scoped<T> {
  scopeFor (instance: string): T
}

/** A service of a many-token together with the name of the plugin instance that provides it. */
export interface Named<T> {
  readonly instance: string
  readonly service: T
}

/** A service that exactly one plugin provides. */
export const token = <T>(id: string): Token<T, 'one'> => ({ id, need: 'one', scoped: false })

/** A service that exactly one plugin provides and of which each consumer sees only its own part. */
export const tokenScoped = <T>(id: string): Token<T, 'one'> => ({ id, need: 'one', scoped: true })

/** A service that any number of plugins provide, also none. */
export const tokenMany = <T>(id: string): Token<T, 'many'> => ({ id, need: 'many', scoped: false })

/** The same service, for a consumer that can live without it. */
export const optional = <T>(needed: Token<T, 'one'>): Token<T, 'maybe'> => ({ ...needed, need: 'maybe' })

/** What a constructor parameter receives for a token. */
export type Injected<K> =
  K extends Token<infer T, 'one'> ? T
    : K extends Token<infer T, 'maybe'> ? T | undefined
      : K extends Token<infer T, 'many'> ? ReadonlyArray<Named<T>>
        : never
