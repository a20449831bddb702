import type { Secret } from '../../contract/config.js'
import type { CredentialSource } from './caller-credentials.js'
import { bearerToken } from './bearer-token.js'
import { readOwnFile } from './own-file.js'

/** A key or token that the environment holds, or else a file. Throws what {@link bearerToken} and {@link readOwnFile} throw. */
export class ToldToken implements CredentialSource {
  constructor (private readonly text: string | undefined, private readonly file: string | undefined) {}

  async bearer (): Promise<Secret | undefined> {
    const { text, file } = this
    if (text !== undefined && text !== '') return bearerToken(text, 'the token in CAXTON_TOKEN')
    return file === undefined ? undefined : bearerToken(await readOwnFile(file), `the token in ${file}`)
  }
}
