/**
 * Caxton inside another program, instead of by the `caxton` command. Takes no signals of the process: the caller's
 * `AbortSignal` ends the server.
 */
export {
  checkConfiguration, startServer, type CheckResult, type ServerOptions, type StartResult,
} from './lifecycle/server.js'
export { tryPlugin, type PluginTrial } from './command/plugin-trial.js'
export type { WiredPlugin } from './lifecycle/plugins/wiring.js'
export type { Phase, Problem } from './lifecycle/configuration/problem.js'
