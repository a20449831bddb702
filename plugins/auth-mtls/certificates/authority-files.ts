import { readFile, stat } from 'node:fs/promises'
import { Revocations, type Credentials } from '../../../kernel/contract/index.js'
import { ClientAuthoritiesUnusable } from '../auth-mtls-errors.js'
import { ClientAuthorities } from './client-authorities.js'

/** Far more than any list of authorities; revocation lists of large authorities have some megabytes. */
const MOST_BYTES = 32 * 1024 * 1024

/** The files with authorities and what they have revoked; where one is not named, the node's own stand in for it. */
export class AuthorityFiles {
  constructor (private readonly authorities: string | undefined, private readonly revoked: string | undefined) {}

  /** Where they are. */
  get paths (): string[] {
    return [this.authorities, this.revoked].filter(file => file !== undefined)
  }

  /** Undefined when nobody names an authority. Throws `CLIENT_AUTHORITIES_UNUSABLE`. */
  async read (node: Credentials | undefined): Promise<ClientAuthorities | undefined> {
    const { authorities: file } = this
    const pem = file === undefined ? node?.trust : (await bytesOf(file)).toString('latin1')
    if (pem === undefined) return undefined
    const lists = await this.lists(file === undefined ? node?.revoked : undefined)
    const place = file ?? 'the list of the authorities that the node trusts'
    return attempt(place, () => {
      const authorities = new ClientAuthorities(pem, Revocations.none)
      if (lists === '') return authorities
      const revocations = Revocations.read(lists, pem)
      if (typeof revocations === 'string') throw ClientAuthoritiesUnusable({ file: this.revoked ?? place, reason: revocations })
      return new ClientAuthorities(pem, revocations)
    })
  }

  private async lists (ofNode: string | undefined): Promise<string> {
    const { revoked: file } = this
    const own = file === undefined ? '' : pemOf(await bytesOf(file))
    return [ofNode, own].filter(list => list !== undefined && list !== '').join('\n')
  }
}

const pemOf = (bytes: Buffer): string => bytes.includes('-----BEGIN')
  ? bytes.toString('latin1')
  : `-----BEGIN X509 CRL-----\n${bytes.toString('base64')}\n-----END X509 CRL-----\n`

async function bytesOf (file: string): Promise<Buffer> {
  const found = await stat(file).catch((error: unknown) => { throw unusable(file, error) })
  if (!found.isFile()) throw unusable(file, 'it is not a file')
  if (found.size > MOST_BYTES) throw unusable(file, `it has ${found.size} bytes, of at most ${MOST_BYTES}`)
  return await readFile(file).catch((error: unknown) => { throw unusable(file, error) })
}

function attempt<T> (file: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw ClientAuthoritiesUnusable.is(error) ? error : unusable(file, error)
  }
}

const unusable = (file: string, reason: unknown): Error =>
  ClientAuthoritiesUnusable({ file, reason: reason instanceof Error ? reason.message : String(reason) })
