import type { DatabaseFolder } from './database-process.js'
import { TestAuthority } from '../test-authority.js'

/** Files with a certificate for a database on loopback, and with the authority that made it. */
export interface TlsFiles {
  readonly ca: string
  readonly certificate: string
  readonly key: string
  /** An authority that has nothing to do with it. */
  readonly stranger: string
}

export async function writeTlsFiles (folder: DatabaseFolder): Promise<TlsFiles> {
  const [authority, stranger] = await Promise.all([TestAuthority.make(), TestAuthority.make(undefined, 'Another authority')])
  const { certificate, key } = await authority.node('localhost')
  return {
    ca: folder.write('ca.pem', authority.trust), stranger: folder.write('stranger.pem', stranger.trust),
    certificate: folder.write('certificate.pem', certificate), key: folder.write('key.pem', key),
  }
}
