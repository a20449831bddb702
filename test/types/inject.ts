import {
  Authenticators, AuthorizerToken, ClockToken, inject, injectable, optional, PluginConfig,
  type Authenticator, type Authorizer, type Clock, type Named,
} from '../../kernel/contract/index.js'

/** Compiled, never run: what the compiler must accept and refuse. */
@injectable()
export class Accepted {
  constructor (
    @inject(ClockToken) readonly clock: Clock,
    @inject(Authenticators) readonly authenticators: ReadonlyArray<Named<Authenticator>>,
    @inject(optional(AuthorizerToken)) readonly authorizer: Authorizer | undefined,
    @inject(PluginConfig) readonly config: { readonly port: number },
  ) {}
}

@injectable()
export class Refused {
  constructor (
    // @ts-expect-error a clock is no authenticator
    @inject(ClockToken) readonly authenticator: Authenticator,
    // @ts-expect-error an optional service may be absent
    @inject(optional(AuthorizerToken)) readonly authorizer: Authorizer,
  ) {}
}
