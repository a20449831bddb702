import { readFile, stat } from 'node:fs/promises'
import type { Web } from '../../kernel/contract/index.js'

/** Most bytes of a key set. */
export const LARGEST_KEY_SET = 256 * 1024

/** Where the keys of an issuer come from. Rejects with an error whose message is part of a sentence. */
export interface KeySource {
  /** For logs: an URL or a path. */
  readonly place: string
  read (signal: AbortSignal): Promise<string>
}

/** Keys that the issuer publishes. */
export class WebKeySource implements KeySource {
  readonly place: string

  constructor (private readonly url: URL, private readonly web: Web) {
    this.place = url.href
  }

  async read (signal: AbortSignal): Promise<string> {
    const { status, body } = await this.web.ask({ method: 'GET', url: this.url }, signal)
    if (status !== 200) throw new Error(`the answer has the status ${status}`)
    return body
  }
}

/** Keys in a file. */
export class FileKeySource implements KeySource {
  constructor (readonly place: string) {}

  async read (): Promise<string> {
    return await textIn(this.place)
  }
}

/** The text of a file that is not larger than a key set can be. */
export async function textIn (file: string): Promise<string> {
  const { size } = await stat(file)
  if (size > LARGEST_KEY_SET) throw new Error(`it has ${size} bytes, of at most ${LARGEST_KEY_SET}`)
  return await readFile(file, 'utf8')
}
