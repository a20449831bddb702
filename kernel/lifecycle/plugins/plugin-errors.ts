import { defineError, type ErrorEntry } from '../../contract/index.js'
import type { Problem } from '../configuration/problem.js'

export const PluginNotFound = defineError({
  code: 'PLUGIN_NOT_FOUND', kind: 'configuration',
  meaning: 'The configuration names a plugin that is neither built in, nor an installed package, nor a file.',
  remedy: 'Correct the name, or install the package beside the configuration file.',
  sentence: (d: { use: string, lookedIn: readonly string[] }) =>
    `there is no plugin "${d.use}"; looked in ${d.lookedIn.join(', ')}`,
})

export const PluginNotJavaScript = defineError({
  code: 'PLUGIN_NOT_JAVASCRIPT', kind: 'configuration',
  meaning: 'The plugin was found, but only as TypeScript, which Node does not run from a package.',
  remedy: 'Ask its author to publish compiled JavaScript, or compile it and name the result.',
  sentence: (d: { use: string, file: string }) => `"${d.use}" is TypeScript that was not compiled: ${d.file}`,
})

export const PluginImportFailed = defineError({
  code: 'PLUGIN_IMPORT_FAILED', kind: 'configuration',
  meaning: 'The plugin was found, but its code threw, or misses one of its own imports, while it was loaded.',
  remedy: 'See the cause, which is shown with it. A module that it cannot find is one of its own: reinstall the plugin.',
  sentence: (d: { use: string, file: string }) => `"${d.use}" threw while it was imported from ${d.file}`,
})

export const PluginMalformed = defineError({
  code: 'PLUGIN_MALFORMED', kind: 'configuration',
  meaning: 'The default export of the module is not a well-formed plugin.',
  remedy: 'Tell its author; plugins/AUTHORING.md describes every field.',
  sentence: (d: { use: string, complaint: string }) => `"${d.use}" is not a Caxton plugin: ${d.complaint}`,
})

export const PluginContract = defineError({
  code: 'PLUGIN_CONTRACT', kind: 'configuration',
  meaning: 'The plugin was written for other versions of the plugin contract than this Caxton has.',
  remedy: 'Install a version of the plugin for this Caxton, or the other way round.',
  sentence: (d: { use: string, wanted: string, have: string }) =>
    `"${d.use}" wants plugin contract ${d.wanted}, this Caxton has ${d.have}`,
})

export const PrivilegeDenied = defineError({
  code: 'PRIVILEGE_DENIED', kind: 'configuration',
  meaning: 'The plugin asks for a privilege that the configuration does not grant. Granting is consent, not a sandbox.',
  remedy: 'Grant it with `allow`, or do without the plugin.',
  sentence: (d: { privileges: readonly string[] }) => `asks for ${quoted(d.privileges)}, which it was not granted`,
})

export const TokenMissing = defineError({
  code: 'TOKEN_MISSING', kind: 'configuration',
  meaning: 'The plugin needs a service that no enabled plugin provides.',
  remedy: 'Enable a plugin that provides it.',
  sentence: (d: { token: string }) => `needs "${d.token}", which no enabled plugin provides`,
})

export const TokenTwice = defineError({
  code: 'TOKEN_TWICE', kind: 'configuration',
  meaning: 'Two enabled plugins provide a service of which there can be only one.',
  remedy: 'Disable one of them with `enabled = false`.',
  sentence: (d: { token: string, other: string }) => `provides "${d.token}", which "${d.other}" already provides`,
})

export const TokenMismatch = defineError({
  code: 'TOKEN_MISMATCH', kind: 'configuration',
  meaning: 'Two plugins use one token id for services of different sorts: one or many, shared or one per consumer.',
  remedy: 'One of the two is written for another version of the service: install versions that fit.',
  sentence: (d: { token: string, here: string, other: string, there: string }) =>
    `takes "${d.token}" for a service ${d.here}, but "${d.other}" takes it for one ${d.there}`,
})

export const TokenUndeclared = defineError({
  code: 'TOKEN_UNDECLARED', kind: 'configuration',
  meaning: 'The plugin injects, asks for or provides a service that its declaration does not name.',
  remedy: 'Tell its author: `needs` and `provides` must name every service.',
  sentence: (d: { token: string, list: 'needs' | 'provides' }) =>
    `uses "${d.token}", which is not in its \`${d.list}\``,
})

export const TokenNotProvided = defineError({
  code: 'TOKEN_NOT_PROVIDED', kind: 'internal',
  meaning: 'The plugin declares a service in `provides` but did not give it, or gave something unusable.',
  remedy: 'Tell its author.',
  sentence: (d: { token: string, complaint: string }) => `does not provide "${d.token}" as it declares: ${d.complaint}`,
})

export const ClassNotInjectable = defineError({
  code: 'CLASS_NOT_INJECTABLE', kind: 'configuration',
  meaning: 'The class of the plugin does not say, for every constructor parameter, which service it receives.',
  remedy: 'Tell its author: mark the class with `@injectable()` and every parameter with `@inject(...)`.',
  sentence: (d: { className: string, complaint: string }) => `class ${d.className}: ${d.complaint}`,
})

export const OperationTwice = defineError({
  code: 'OPERATION_TWICE', kind: 'configuration',
  meaning: 'Two plugins contribute operations under one service name.',
  remedy: 'Disable one of them with `enabled = false`.',
  sentence: (d: { service: string, other: string }) =>
    `contributes "${d.service}", which "${d.other}" already contributes`,
})

export const DependencyCycle = defineError({
  code: 'DEPENDENCY_CYCLE', kind: 'configuration',
  meaning: 'Plugins need one another in a circle, so none of them can start first.',
  remedy: 'Disable one of them, or replace it by a plugin with other needs.',
  sentence: (d: { path: string }) => `plugins need one another in a circle: ${d.path}`,
})

export const DependencyFailed = defineError({
  code: 'DEPENDENCY_FAILED', kind: 'unavailable',
  meaning: 'The plugin needs a service of an optional plugin that failed.',
  remedy: 'Mend the plugin that failed, or make this one optional too.',
  sentence: (d: { token: string, failed: string }) =>
    `needs "${d.token}" of the optional plugin "${d.failed}", which failed`,
})

export const GuardOptional = defineError({
  code: 'GUARD_OPTIONAL', kind: 'configuration',
  meaning: 'A plugin that decides who gets in, or keeps the record of it, was made optional. If it failed, the server would be open.',
  remedy: 'Take `optional = true` out of its table.',
  sentence: (d: { token: string }) =>
    `provides "${d.token}", without which callers would get in unseen, so it can't be optional`,
})

export const StartFailed = defineError({
  code: 'START_FAILED', kind: 'internal',
  meaning: 'The plugin threw while it was put together or while it started.',
  remedy: 'Mend the cause, which is shown with it.',
  sentence: (d: { instance: string, doing: string }) => `"${d.instance}" failed while it ${d.doing}`,
})

export const StartTimeout = defineError({
  code: 'START_TIMEOUT', kind: 'timeout',
  meaning: 'The plugin had not started when its time was over.',
  remedy: 'See what it waits for in its log lines, or raise server.start_timeout.',
  sentence: (d: { instance: string, milliseconds: number }) =>
    `"${d.instance}" did not start within ${d.milliseconds} ms`,
})

export const StartCancelled = defineError({
  code: 'START_CANCELLED', kind: 'cancelled',
  meaning: 'The server was told to stop while it was starting.',
  remedy: 'Start it again.',
  sentence: (d: { instance: string }) => `the start was cancelled before "${d.instance}" was ready`,
})

export const DrainFailed = defineError({
  code: 'DRAIN_FAILED', kind: 'internal',
  meaning: 'The plugin threw while it finished its work; it was stopped all the same.',
  remedy: 'Mend the cause, which is shown with it.',
  sentence: (d: { instance: string }) => `"${d.instance}" failed while it drained`,
})

export const DrainTimeout = defineError({
  code: 'DRAIN_TIMEOUT', kind: 'timeout',
  meaning: 'The time for finishing work was over before the plugin had finished; it was stopped all the same.',
  remedy: 'Raise server.drain_timeout if work that was cut off matters.',
  sentence: (d: { instance: string }) => `the time for draining was over before "${d.instance}" had finished`,
})

export const StopFailed = defineError({
  code: 'STOP_FAILED', kind: 'internal',
  meaning: 'The plugin threw while it stopped; every other plugin was stopped all the same.',
  remedy: 'Mend the cause, which is shown with it.',
  sentence: (d: { instance: string }) => `"${d.instance}" failed while it stopped`,
})

export const StopTimeout = defineError({
  code: 'STOP_TIMEOUT', kind: 'timeout',
  meaning: 'The plugin had not stopped when its time was over; every other plugin was stopped all the same.',
  remedy: 'See its log lines, or raise server.stop_timeout.',
  sentence: (d: { instance: string, milliseconds: number }) =>
    `"${d.instance}" did not stop within ${d.milliseconds} ms`,
})

export const ConfigurationRefused = defineError({
  code: 'CONFIGURATION_REFUSED', kind: 'configuration',
  meaning: 'The configuration has problems, so nothing was started.',
  remedy: 'Mend every problem of the report; `caxton server check --config FILE` shows it without starting anything.',
  sentence: (d: { problems: readonly Problem[] }) => `the configuration has ${fatal(d.problems)}; nothing was started`,
})

export const ServerNotStarted = defineError({
  code: 'SERVER_NOT_STARTED', kind: 'unavailable',
  meaning: 'A plugin failed to start. Everything that had begun was stopped again.',
  remedy: 'See the report for the plugin and the cause; `optional = true` lets the server start without a plugin.',
  sentence: (d: { problems: readonly Problem[] }) =>
    `the server could not start: ${fatal(d.problems)}; what had begun was stopped`,
})

export const pluginErrors: readonly ErrorEntry[] = [
  PluginNotFound, PluginNotJavaScript, PluginImportFailed, PluginMalformed, PluginContract, PrivilegeDenied,
  TokenMissing, TokenTwice, TokenMismatch, TokenUndeclared, TokenNotProvided, ClassNotInjectable, OperationTwice,
  DependencyCycle, DependencyFailed, GuardOptional, StartFailed, StartTimeout, StartCancelled, DrainFailed, DrainTimeout, StopFailed,
  StopTimeout, ConfigurationRefused, ServerNotStarted,
]

function fatal (problems: readonly Problem[]): string {
  const count = problems.filter(problem => !problem.ignored).length
  return count === 1 ? 'one problem' : `${count} problems`
}

const quoted = (words: readonly string[]): string => words.map(word => `"${word}"`).join(', ')
