import type { HostImport } from '../host/host-imports.js'
import type { ByteReader } from './byte-reader.js'
import type { FunctionType } from './value-types.js'

/** A function that the module imports, after it was found in the table of host imports. */
export interface ImportedFunction {
  readonly module: string
  readonly name: string
  readonly typeIndex: number
  readonly host: HostImport
}

/** Something the module exports. `index` counts within its kind. */
export interface ModuleExport {
  readonly kind: number
  readonly index: number
  readonly offset: number
}

/**
 * What the sections read so far have declared. The rewriter appends one global, the fuel, one metered trampoline per
 * import, and one function that enters the hooks, with its type; all of them come after everything the module names
 * itself, so no index shifts and none of them can be named.
 */
export class ModuleIndex {
  readonly types: FunctionType[] = []
  readonly imports: ImportedFunction[] = []
  /** Type index of every function the module defines. */
  readonly defined: number[] = []
  readonly exports = new Map<string, ModuleExport>()
  /** Functions whose export was dropped: they must stay declared for `ref.func`. */
  readonly undeclared: number[] = []
  /** The module's start function. */
  start: number | undefined
  tables = 0
  globals = 0
  hasMemory = false
  /** What the data count section says. */
  announcedSegments: number | undefined
  /** Whether code copies from data segments or drops them. */
  namesSegments = false

  /** Functions that the module itself can name. */
  get functions (): number {
    return this.imports.length + this.defined.length
  }

  /** The function that enters the hooks. */
  get hookEntry (): number {
    return this.functions + this.imports.length
  }

  typeAt (reader: ByteReader, index: number, offset: number): FunctionType {
    return this.types[index] ?? reader.invalid(`there is no type ${index}`, offset)
  }

  typeIndexOf (functionIndex: number): number | undefined {
    return this.imports[functionIndex]?.typeIndex ?? this.defined[functionIndex - this.imports.length]
  }

  typeOf (functionIndex: number): FunctionType | undefined {
    const typeIndex = this.typeIndexOf(functionIndex)
    return typeIndex === undefined ? undefined : this.types[typeIndex]
  }

  /**
   * What a reference to a function must be written as: an import is replaced by its trampoline, which pays the price.
   */
  referenceTo (functionIndex: number): number {
    return functionIndex < this.imports.length ? this.functions + functionIndex : functionIndex
  }
}
