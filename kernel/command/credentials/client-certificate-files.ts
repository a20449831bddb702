import { readFile } from 'node:fs/promises'
import type { ClientCertificate } from '../../contract/command.js'
import { Secret } from '../../contract/config.js'
import { CommandCredentialInvalid, CommandOptionMisused } from '../command-errors.js'
import { fileUnreadable } from '../line/file-words.js'
import { readOwnFile } from './own-file.js'

/** Where the caller's certificate and its key are, as far as they were named. */
export interface ClientCertificateFiles {
  readonly chain: string | undefined
  readonly key: string | undefined
  /** Whether the connection will be TLS. */
  readonly isEncrypted: boolean
}

/**
 * Reads a caller's certificate and its key; undefined when none was named. Throws `COMMAND_OPTION_MISUSED`, `COMMAND_FILE_UNREADABLE`,
 * `COMMAND_FILE_EXPOSED`, `COMMAND_CREDENTIAL_INVALID`.
 */
export async function readClientCertificate (files: ClientCertificateFiles): Promise<ClientCertificate | undefined> {
  const { chain: chainFile, key: keyFile } = files
  if (chainFile === undefined && keyFile === undefined) return undefined
  if (chainFile === undefined) throw misused('--client-key', 'needs `--client-cert`, whose key it is')
  if (keyFile === undefined) throw misused('--client-cert', 'needs `--client-key` as well')
  if (!files.isEncrypted) throw misused('--client-cert', 'needs `--ca`: certificates are shown over TLS only')
  const chain = await readFile(chainFile, 'utf8').catch((error: unknown) => { throw fileUnreadable(chainFile, error) })
  const key = await readOwnFile(keyFile)
  await ensurePair({ chain, chainFile, key, keyFile })
  return { chain, key: new Secret(key) }
}

async function ensurePair (
  { chain, chainFile, key, keyFile }: { chain: string, chainFile: string, key: string, keyFile: string },
): Promise<void> {
  // Loaded here: most commands show no certificate.
  const { createPrivateKey, X509Certificate } = await import('node:crypto')
  const certificate = parsed(chainFile, 'it is no certificate in PEM', () => new X509Certificate(chain))
  const privateKey = parsed(keyFile, 'it is no key in PEM, or an encrypted one', () => createPrivateKey(key))
  if (!certificate.checkPrivateKey(privateKey)) {
    throw CommandCredentialInvalid({ place: keyFile, problem: `it is not the key of the certificate in ${chainFile}` })
  }
}

function parsed<T> (place: string, problem: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw CommandCredentialInvalid({ place, problem }, { cause: error })
  }
}

const misused = (option: string, problem: string): Error => CommandOptionMisused({ command: 'caxton', option, problem })
