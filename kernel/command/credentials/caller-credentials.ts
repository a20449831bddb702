import type { Secret } from '../../contract/config.js'

/** A place where the credential of whoever types a command may be kept. Never the command line itself: everybody sees that in `ps`. */
export interface CredentialSource {
  /** The key or token for the server at `address` (`host:port`), fit to be sent; undefined: none is kept here, look further. */
  bearer (address: string): Promise<Secret | undefined>
}

/** What the caller proves itself with: the first source that has something decides. */
export class CallerCredentials implements CredentialSource {
  constructor (private readonly sources: readonly CredentialSource[]) {}

  async bearer (address: string): Promise<Secret | undefined> {
    for (const source of this.sources) {
      const found = await source.bearer(address)
      if (found !== undefined) return found
    }
    return undefined
  }
}
