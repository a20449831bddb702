import { FIELD, FRAME } from '../contract/index.js'
import { findField } from './frame.js'
import { generationOf, handleOf, LONGEST_NAME } from './name-table.js'
import { VersionChoice, type ChoiceParts } from './version-choice.js'

/** Finds the receiver of a message that a local sender gives: by handle, or by name. */
export class ReceiverSearch {
  /** Of the receiver that was found last. */
  generation = 0
  readonly versions: VersionChoice

  constructor (private readonly parts: ChoiceParts) {
    this.versions = new VersionChoice(parts)
  }

  /** The receiver's handle, resolved by name where the frame gives one instead of a handle; 0 when there is none. */
  find (bytes: Uint8Array, view: DataView, at: number, sender: number): number {
    const handle = view.getUint32(at + FRAME.receiver, true)
    if (handle !== 0) {
      this.generation = view.getUint32(at + FRAME.receiverGeneration, true)
      return this.parts.routes.isCurrent(handle, this.generation) ? handle : 0
    }
    const field = findField(view, at, FIELD.to)
    if (field < 0) return 0
    const length = view.getUint16(field - 2, true)
    if (length > LONGEST_NAME) return 0
    // Names are ASCII: one character a byte finds them all, and nothing else.
    return this.#named(Buffer.from(bytes.buffer, bytes.byteOffset + field, length).toString('latin1'), view, at, sender)
  }

  #named (name: string, view: DataView, at: number, sender: number): number {
    const { names } = this.parts
    const version = names.hasShared ? this.versions.ofName(name, view, at, sender) : undefined
    if (version !== undefined) {
      this.generation = version.generation
      return version.handle
    }
    const address = names.address(name)
    this.generation = generationOf(address)
    return handleOf(address)
  }
}
