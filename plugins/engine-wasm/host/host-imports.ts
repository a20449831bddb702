import type { HostCall } from '../../../kernel/contract/in-shard.js'
import type { FunctionType } from '../module/value-types.js'

/** One function that a module may import. */
export interface HostImport {
  readonly type: FunctionType
  /** Work units that the guest pays for each call, on top of the call itself. Charged in the guest's own code. */
  readonly price: number
  /** The host call it stands on, which must have been granted; absent: harmless, always granted. */
  readonly grant?: HostCall
}

const BYTES = { i: 0x7f, l: 0x7e } as const

/** `'ii>l'` is (i32, i32) -> i64. */
function signature (text: string): FunctionType {
  const [parameters = '', results = ''] = text.split('>')
  const bytes = (letters: string): number[] => Array.from(letters, letter => letter === 'l' ? BYTES.l : BYTES.i)
  return { parameters: bytes(parameters), results: bytes(results) }
}

function row (text: string, price: number, grant?: HostCall): HostImport {
  return grant === undefined ? { type: signature(text), price } : { type: signature(text), price, grant }
}

/** The agent interface, version 1. */
const CAXTON: Readonly<Record<HostCall, HostImport>> = {
  send: row('ii>i', 10_000, 'send'),
  self: row('>l', 200, 'self'),
  lookup: row('ii>l', 10_000, 'lookup'),
  register: row('ii>i', 20_000, 'register'),
  subscribe: row('ii>i', 20_000, 'subscribe'),
  now: row('>l', 500, 'now'),
  random: row('ii>i', 10_000, 'random'),
  timer: row('ii>i', 10_000, 'timer'),
  log: row('iii>', 20_000, 'log'),
  call: row('ii>i', 10_000, 'call'),
}

/** What the C, Rust and Zig libraries ask of a system (WASI preview 1); enough to start, print and tell the time. */
const WASI: Readonly<Record<string, HostImport>> = {
  args_get: row('ii>i', 500),
  args_sizes_get: row('ii>i', 500),
  environ_get: row('ii>i', 500),
  environ_sizes_get: row('ii>i', 500),
  clock_res_get: row('ii>i', 500),
  clock_time_get: row('ili>i', 1_000, 'now'),
  fd_close: row('i>i', 500),
  fd_fdstat_get: row('ii>i', 500),
  fd_fdstat_set_flags: row('ii>i', 500),
  fd_prestat_get: row('ii>i', 500),
  fd_prestat_dir_name: row('iii>i', 500),
  fd_read: row('iiii>i', 500),
  fd_seek: row('ilii>i', 500),
  fd_write: row('iiii>i', 20_000, 'log'),
  proc_exit: row('i>', 500),
  random_get: row('ii>i', 10_000, 'random'),
  sched_yield: row('>i', 500),
}

/** What AssemblyScript calls when an assertion fails. Costs nothing: the agent ends with it. */
const ENV: Readonly<Record<string, HostImport>> = {
  abort: row('iiii>', 0),
}

/** Everything a module may import, by `module` and `name`. */
const MODULES: ReadonlyMap<string, ReadonlyMap<string, HostImport>> = new Map([
  ['caxton', new Map(Object.entries(CAXTON))],
  ['wasi_snapshot_preview1', new Map(Object.entries(WASI))],
  ['env', new Map(Object.entries(ENV))],
])

export function hostImport (module: string, name: string): HostImport | undefined {
  return MODULES.get(module)?.get(name)
}

/** `module.name` of everything there is, for tests and documentation. */
export function hostImportNames (): string[] {
  return [...MODULES].flatMap(([module, names]) => [...names.keys()].map(name => `${module}.${name}`))
}
