/** The part of the WebAssembly JavaScript API (W3C, level 2) that Caxton uses; Node's own types leave it out. */
declare namespace WebAssembly {
  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}

  type ExportValue = Function | Global<unknown> | Memory | Table
  type ImportValue = Function | Global<unknown> | Memory | Table
  type Exports = Readonly<Record<string, ExportValue>>
  type Imports = Readonly<Record<string, Readonly<Record<string, ImportValue>>>>

  class Module {
    constructor (bytes: Uint8Array)
    static exports (module: Module): ReadonlyArray<{ readonly name: string, readonly kind: string }>
    static imports (module: Module): ReadonlyArray<{ readonly module: string, readonly name: string, readonly kind: string }>
  }

  class Instance {
    constructor (module: Module, imports?: Imports)
    readonly exports: Exports
  }

  class Memory {
    constructor (descriptor: { readonly initial: number, readonly maximum?: number })
    readonly buffer: ArrayBuffer
    grow (pages: number): number
  }

  class Global<T> {
    value: T
  }

  class Table {
    readonly length: number
  }

  function compile (bytes: Uint8Array): Promise<Module>
  function validate (bytes: Uint8Array): boolean
}
