import {
  PluginConfig, PluginContextToken, PluginLog,
  type Plugin, type PluginContext, type PluginLife, type Registration, type Token,
} from '../../contract/index.js'
import { construct, type PluginClass } from './container.js'
import { TokenNotProvided, TokenUndeclared } from './plugin-errors.js'
import { isOwnToken, providedTokens } from './service-graph.js'
import { isScoped } from './service-view.js'

/** A plugin that was put together. */
export interface WiredPlugin {
  /** The object that lives; also what its operations work on. */
  readonly main: object
  readonly life: PluginLife
  /** Its services by token id. */
  readonly provided: ReadonlyMap<string, unknown>
}

/** What a plugin is put together from. `resolve` gives the service of a token in the form that the plugin needs it. */
export interface Parts {
  readonly plugin: Plugin
  readonly context: PluginContext
  readonly config: Readonly<Record<string, unknown>>
  readonly resolve: (token: Token<unknown>) => unknown
}

/** Puts a plugin together from its class or by its `register`. Synchronous; throws what the plugin throws. */
export function wire (parts: Parts, main: PluginClass | undefined): WiredPlugin {
  return main === undefined ? wireByRegister(parts) : wireByClass(parts, main)
}

function wireByClass ({ plugin, context, config, resolve }: Parts, mainClass: PluginClass): WiredPlugin {
  const services = new Map<string, unknown>([
    [PluginContextToken.id, context], [PluginLog.id, context.log], [PluginConfig.id, config]])
  for (const need of plugin.needs ?? []) {
    const service = isOwnToken(need.id) ? undefined : resolve(need)
    if (service !== undefined) services.set(need.id, service)
  }
  const main = construct(mainClass, services)
  const provided = new Map<string, unknown>()
  for (const item of plugin.provides ?? []) {
    const token = 'from' in item ? item.token : item
    provided.set(token.id, usable(token, 'from' in item ? item.from(main) : main))
  }
  return { main, life: main, provided }
}

function wireByRegister ({ plugin, context, config, resolve }: Parts): WiredPlugin {
  const provided = new Map<string, unknown>()
  let open = true
  const own = new Map<string, unknown>([
    [PluginContextToken.id, context], [PluginLog.id, context.log], [PluginConfig.id, config]])
  const get = (wanted: Token<unknown>): unknown => {
    if (own.has(wanted.id)) return own.get(wanted.id)
    const need = (plugin.needs ?? []).find(({ id }) => id === wanted.id)
    if (need === undefined) throw TokenUndeclared({ token: wanted.id, list: 'needs' })
    return resolve(need)
  }
  const provide = (token: Token<unknown>, service: unknown): void => {
    const declared = providedTokens(plugin).find(({ id }) => id === token.id)
    if (declared === undefined) throw TokenUndeclared({ token: token.id, list: 'provides' })
    if (!open) throw TokenNotProvided({ token: token.id, complaint: 'it came after register had returned' })
    provided.set(declared.id, usable(declared, service))
  }
  // The contract's types tie each token to its service; here all of them are handled alike.
  const registration: Registration = { ...context, config, get: get as Registration['get'], provide }
  const life = plugin.register?.(registration) ?? {}
  open = false
  if ('then' in life) throw new TypeError('register must be synchronous: what it returns is a promise')
  for (const { id } of providedTokens(plugin)) {
    if (!provided.has(id)) throw TokenNotProvided({ token: id, complaint: 'register did not give it' })
  }
  return { main: life, life, provided }
}

function usable (token: Token<unknown>, service: unknown): unknown {
  const { id } = token
  if (service === undefined || service === null) throw TokenNotProvided({ token: id, complaint: 'it is undefined' })
  if (token.scoped && !isScoped(service)) {
    const complaint = 'each consumer sees its own part of it, so it must have scopeFor(instance)'
    throw TokenNotProvided({ token: id, complaint })
  }
  return service
}
