import type { DeployRequest } from '../../contract/index.js'
import { ManifestInvalid, ModuleTooLarge } from './agent-errors.js'

type Manifest = Extract<DeployRequest['part'], { case: 'manifest' }>['value']

/**
 * An upload, put together part by part. Its bound holds while it arrives, so that nobody fills the memory with it: the bytes are copied
 * unless they are most of what they came in, since a piece of one byte, kept as it came, would keep the packet that brought it.
 */
export class ModuleUpload {
  #bytes: Uint8Array = new Uint8Array(0)
  #length = 0
  #manifest: Manifest | undefined

  /** @param largest Most bytes of the module. */
  constructor (private readonly largest: number) {}

  /** Bytes of memory that the module takes so far: never more than twice what came. */
  get held (): number {
    return this.#bytes.buffer.byteLength
  }

  /** Throws `MANIFEST_INVALID` or `MODULE_TOO_LARGE`. */
  add ({ part }: DeployRequest): void {
    if (part.case === 'manifest') {
      if (this.#manifest !== undefined) throw ManifestInvalid({ setting: 'manifest', problem: 'it was sent twice' })
      this.#manifest = part.value
    } else if (part.case === 'chunk') {
      this.#append(part.value)
    }
  }

  /** The whole upload. Throws `MANIFEST_INVALID`. */
  complete (): { readonly manifest: Manifest, readonly module: Uint8Array } {
    if (this.#manifest === undefined) throw ManifestInvalid({ setting: 'manifest', problem: 'it is missing' })
    const module = this.#length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#length)
    return { manifest: this.#manifest, module }
  }

  #append (chunk: Uint8Array): void {
    const length = this.#length + chunk.length
    if (length > this.largest) throw ModuleTooLarge({ limit: this.largest })
    if (this.#length === 0 && 2 * chunk.length > chunk.buffer.byteLength) {
      this.#bytes = chunk
      this.#length = length
      return
    }
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(Math.min(this.largest, Math.max(length, 2 * this.#length)))
      grown.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = grown
    }
    this.#bytes.set(chunk, this.#length)
    this.#length = length
  }
}
