import {
  ClockToken, configSchema, defineError, definePlugin, listOf, mapOf, oneOf, operations, optional, provision, StoreToken, token, tokenMany,
  type Clock, type ConfigOf, type Injected, type Named, type Registration, type Scoped, type Secret, type Store,
} from '../../kernel/contract/index.js'
import { Server } from '../../kernel/contract/proto/caxton/v1/server_pb.js'

/** Compiled, never run: what the compiler must accept and refuse of a plugin's face. */

/** Passes a value on if it has exactly this type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false
const holds = <Claim extends true>(): Claim | undefined => undefined

const config = configSchema({
  every: { doc: 'How often.', format: 'duration', default: '5m' },
  word: { doc: 'What is shown.', format: 'secret' },
  place: { doc: 'Where.', format: 'url', default: null },
  mood: { doc: 'How.', format: oneOf('calm', 'brisk'), default: 'calm' },
  ports: { doc: 'Which.', format: listOf('port'), default: [] },
  people: { doc: 'Who.', format: mapOf({ roles: { doc: 'What they are.', format: listOf('string') } }), default: {} },
})
type Config = ConfigOf<typeof config>

holds<Same<Config['every'], number>>()
holds<Same<Config['word'], Secret>>()
holds<Same<Config['place'], URL | undefined>>()
holds<Same<Config['mood'], 'calm' | 'brisk'>>()
holds<Same<Config['ports'], readonly number[]>>()
holds<Same<Config['people'], Readonly<Record<string, { readonly roles: readonly string[] }>>>>()
// @ts-expect-error a duration is a number in the program, whatever its default looks like
holds<Same<Config['every'], string>>()

interface Greeter { greet (name: string): string }
const GreeterToken = token<Greeter>('acme/greeter@1')
const Greeters = tokenMany<Greeter>('acme/greeters@1')
const optionalGreeter = optional(GreeterToken)

holds<Same<Injected<typeof GreeterToken>, Greeter>>()
holds<Same<Injected<typeof Greeters>, ReadonlyArray<Named<Greeter>>>>()
holds<Same<Injected<typeof optionalGreeter>, Greeter | undefined>>()
holds<Same<Injected<typeof StoreToken>, Store>>()
// @ts-expect-error of what many provide, nobody can do without
optional(Greeters)

export function register (registration: Registration): void {
  const clock: Clock = registration.get(ClockToken)
  registration.provide(GreeterToken, { greet: name => `${name}, it is ${clock.now()}` })
  // @ts-expect-error it greets nobody
  registration.provide(GreeterToken, { wave: () => {} })
  // @ts-expect-error a clock is no store
  const store: Store = registration.get(ClockToken)
  registration.log.info('has', { store })
}

class Hall {
  readonly door: Greeter = { greet: name => name }
  readonly name = 'hall'
}

export const provided = provision(GreeterToken, (main: Hall) => main.door)
// @ts-expect-error its name does not greet
export const misprovided = provision(GreeterToken, (main: Hall) => main.name)

export const plugin = definePlugin({
  name: 'hall', summary: 'Greets.', stability: 'beta', contract: '^1.0', provides: [provided], needs: [ClockToken, optional(StoreToken)],
  config, main: async () => Hall,
})
// @ts-expect-error there is no such stability
export const unstable = definePlugin({ name: 'hall', summary: 'Greets.', stability: 'alpha', contract: '^1.0', main: async () => Hall })
// @ts-expect-error a face without a summary
export const nameless = definePlugin({ name: 'hall', stability: 'beta', contract: '^1.0', main: async () => Hall })

export const Refused = defineError({
  code: 'HALL_REFUSED', kind: 'denied', meaning: 'Not let in.', remedy: 'Ask.', sentence: (details: { name: string }) => details.name,
})
export const named: string = Refused({ name: 'ada' }).details.name
// @ts-expect-error the details lack the name
Refused({})
// @ts-expect-error there is no such kind
defineError({ code: 'X', kind: 'odd', meaning: 'X.', remedy: 'X.', sentence: () => '' })

// @ts-expect-error each method needs its handler
export const withoutHandlers = operations(Server, () => ({}))

/** Who provides to each its own part must know how. */
export const parted: Scoped<Store> | undefined = undefined
// @ts-expect-error it has no scopeFor
export const unparted: Scoped<Store> = { get: async () => undefined }
