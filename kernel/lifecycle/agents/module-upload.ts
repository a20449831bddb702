import type { DeployRequest } from '../../contract/index.js'
import { ManifestInvalid, ModuleTooLarge } from './agent-errors.js'

type Manifest = Extract<DeployRequest['part'], { case: 'manifest' }>['value']

/** An upload, put together part by part. Its bound holds while it arrives, so that nobody fills the memory with it. */
export class ModuleUpload {
  readonly #chunks: Uint8Array[] = []
  #length = 0
  #manifest: Manifest | undefined

  /** @param largest Most bytes of the module. */
  constructor (private readonly largest: number) {}

  /** Pieces held in memory. */
  get pieces (): number {
    return this.#chunks.length
  }

  /** Throws `MANIFEST_INVALID` or `MODULE_TOO_LARGE`. */
  add ({ part }: DeployRequest): void {
    if (part.case === 'manifest') {
      if (this.#manifest !== undefined) throw ManifestInvalid({ setting: 'manifest', problem: 'it was sent twice' })
      this.#manifest = part.value
    } else if (part.case === 'chunk') {
      this.#length += part.value.length
      if (this.#length > this.largest) throw ModuleTooLarge({ limit: this.largest })
      // Empty ones cost nothing to send, and would gather without end.
      if (part.value.length > 0) this.#chunks.push(part.value)
    }
  }

  /** The whole upload. Throws `MANIFEST_INVALID`. */
  complete (): { readonly manifest: Manifest, readonly module: Uint8Array } {
    if (this.#manifest === undefined) throw ManifestInvalid({ setting: 'manifest', problem: 'it is missing' })
    return { manifest: this.#manifest, module: new Uint8Array(Buffer.concat(this.#chunks)) }
  }
}
