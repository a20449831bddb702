import type { ModuleIndex } from './module-index.js'

/**
 * What the host calls rarely. All of it is entered through one export, `__caxton_hook (hook, a, b, c) -> i64`: an
 * export of its own would cost every instance 260 bytes (measured).
 */
export const HOOK = { begin: 0, initialize: 1, init: 2, tick: 3, save: 4, load: 5, stop: 6 } as const
export type HookName = keyof typeof HOOK

/** Names of the hooks among the module's exports; `begin` is its start function. */
const EXPORTS: ReadonlyArray<readonly [hook: HookName, name: string]> = [
  ['initialize', '_initialize'], ['init', 'caxton_init'], ['tick', 'caxton_tick'], ['save', 'caxton_save'],
  ['load', 'caxton_load'], ['stop', 'caxton_stop'],
]

/** The hooks that a module has, each with its function. */
export function hooksOf (index: ModuleIndex): ReadonlyArray<readonly [hook: HookName, target: number]> {
  const exported = EXPORTS.flatMap(([hook, name]) => {
    const found = index.exports.get(name)
    return found === undefined ? [] : [[hook, found.index] as const]
  })
  return index.start === undefined ? exported : [['begin', index.start], ...exported]
}

/** A set of hooks as bits, for quick questions. */
export const hookBits = (hooks: readonly HookName[]): number => hooks.reduce((bits, hook) => bits | 1 << HOOK[hook], 0)
