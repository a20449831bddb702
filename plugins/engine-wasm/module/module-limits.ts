import { WasmLimitExceeded } from '../wasm-errors.js'

/** Bounds on a module: what it may hold once it runs, and what it may cost to read and compile. */
export interface ModuleLimits {
  readonly moduleBytes: number
  /** Largest linear memory, in pages of 64 KiB. */
  readonly memoryPages: number
  /**
   * V8 11.3 compares each function type with all that its process ever met, and has every other compilation wait meanwhile: modules of
   * 10,000 types took 0.5 s, 1.4 s, 2.4 s and so on, uninterruptible; of 1,000 they take 10 ms more from one to the next.
   */
  readonly types: number
  /** Parameters and results of all types together. */
  readonly typeValues: number
  readonly imports: number
  readonly functions: number
  readonly tables: number
  /** Entries of each table. */
  readonly tableEntries: number
  /** Entries of all element segments together. */
  readonly elementEntries: number
  readonly globals: number
  readonly exports: number
  readonly segments: number
  /** Code of one function, in bytes. */
  readonly bodyBytes: number
  /** Locals of one function, its parameters included. */
  readonly locals: number
  /** Values on the operand stack of one function. */
  readonly operands: number
  /** Blocks within blocks. */
  readonly nesting: number
  readonly branchTargets: number
  /**
   * Work of the baseline compiler, which saves and merges every local and operand at every branch: the sum, over the
   * control instructions of a function, of locals plus operands. 40 million took 1.5 s, uninterruptible.
   */
  readonly functionEffort: number
  /** The same over all functions. */
  readonly moduleEffort: number
}

/** What holds unless the operator says otherwise. */
export const DEFAULT_MODULE_LIMITS: ModuleLimits = {
  moduleBytes: 4 << 20,
  memoryPages: 256,
  types: 1_000,
  typeValues: 10_000,
  imports: 64,
  functions: 50_000,
  tables: 4,
  tableEntries: 16_384,
  elementEntries: 65_536,
  globals: 10_000,
  exports: 10_000,
  segments: 10_000,
  bodyBytes: 256 << 10,
  locals: 1_000,
  operands: 1_000,
  nesting: 512,
  branchTargets: 4_096,
  functionEffort: 4_000_000,
  moduleEffort: 40_000_000,
}

/** What an operator reads about each bound. */
const NAMES: Readonly<Record<keyof ModuleLimits, string>> = {
  moduleBytes: 'module bytes',
  memoryPages: 'memory pages',
  types: 'types',
  typeValues: 'parameters and results of all types',
  imports: 'imports',
  functions: 'functions',
  tables: 'tables',
  tableEntries: 'table entries',
  elementEntries: 'element entries',
  globals: 'globals',
  exports: 'exports',
  segments: 'segments',
  bodyBytes: 'bytes of a function body',
  locals: 'locals of a function',
  operands: 'operands on the stack of a function',
  nesting: 'nested blocks',
  branchTargets: 'targets of a br_table',
  functionEffort: 'compile effort of a function (control instructions times locals)',
  moduleEffort: 'compile effort of the module',
}

/** Refuses a value above its bound. */
export function within (
  limits: ModuleLimits, limit: keyof ModuleLimits, value: number,
  place: { readonly offset?: number, readonly item?: string },
): void {
  if (value > limits[limit]) throw WasmLimitExceeded({ limit: NAMES[limit], value, max: limits[limit], ...place })
}
