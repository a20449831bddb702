import { pluginEndingPromises } from './plugin/endings.js'
import { pluginFacePromises } from './plugin/face.js'
import { pluginLifePromises } from './plugin/life.js'
import type { PluginSubject } from './plugin/subject.js'
import { type KitRunner, type KitSubject, mochaRunner, runKit } from './runner.js'

export type { PluginSubject } from './plugin/subject.js'

/** Ability that may be lacking: what it needs outside of this process is there, so that a start succeeds. */
export const PLUGIN_ABILITIES = ['start'] as const

/**
 * What every plugin promises, whatever it is for, each one test. It reads the plugin as a server does, starts it, lets it fail, and looks
 * for what is left. Publish a plugin only when all of them hold:
 *
 *     pluginKit('auth-ldap', {
 *       setup: async () => ({ module: new URL('../dist/plugin.js', import.meta.url), config: { url: 'ldaps://127.0.0.1' } }),
 *       teardown: async () => {},
 *     })
 */
export function pluginKit<S extends PluginSubject> (name: string, subject: KitSubject<S>, runner: KitRunner = mochaRunner()): void {
  runKit<S>(`plugin ${name}`, [...pluginFacePromises, ...pluginLifePromises, ...pluginEndingPromises], subject, runner)
}
