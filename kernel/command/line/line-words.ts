import type { CommandWords } from '../../contract/command.js'
import { mediaTypeOf, readContent } from '../commands/message-content.js'
import { duration, wholeNumber } from './values.js'

/** Reads words of a line for commands of plugins as the kernel's own read them. */
export class LineWords implements CommandWords {
  constructor (private readonly workingFolder: string) {}

  duration (what: string, text: string, most?: number): number {
    return duration(what, text, most)
  }

  wholeNumber (what: string, text: string, least: number, most: number): number {
    return wholeNumber(what, text, least, most)
  }

  async content (word: string): Promise<{ readonly bytes: Uint8Array, readonly mediaType: string }> {
    const bytes = await readContent(word, this.workingFolder)
    return { bytes, mediaType: bytes.length === 0 ? '' : mediaTypeOf(bytes) }
  }
}
