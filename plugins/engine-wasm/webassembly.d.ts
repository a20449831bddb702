/** The part of the WebAssembly JavaScript API (W3C, level 2) that Caxton uses; Node's own types leave it out. */
declare namespace WebAssembly {
  class CompileError extends Error {}
  class LinkError extends Error {}
  class RuntimeError extends Error {}

  type Callable = (...parameters: never[]) => unknown
  type ExportValue = Callable | Global<unknown> | Memory | Table
  type ImportValue = Callable | Global<unknown> | Memory | Table
  type Exports = Readonly<Record<string, ExportValue>>
  type Imports = Readonly<Record<string, Readonly<Record<string, ImportValue>>>>

  class Module {
    constructor (bytes: Uint8Array)
  }

  class Instance {
    constructor (module: Module, imports?: Imports)
    readonly exports: Exports
  }

  class Memory {
    readonly buffer: ArrayBuffer
  }

  class Global<T> {
    value: T
  }

  class Table {
    readonly length: number
  }

  function compile (bytes: Uint8Array): Promise<Module>
}
