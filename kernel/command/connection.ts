import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Clock } from '../contract/clock.js'
import type { ConnectorTarget } from '../contract/command.js'
import { CallerCredentials } from './credentials/caller-credentials.js'
import { readClientCertificate } from './credentials/client-certificate-files.js'
import { StoredLogin } from './credentials/stored-login.js'
import { ToldToken } from './credentials/told-token.js'
import { fileUnreadable } from './line/file-words.js'
import { DEFAULT_SERVER, serverAddress } from './line/server-address.js'
import { LoginFile, loginPlace } from './login/login-file.js'

/** Where to connect to and as whom, as the command line and the environment say it. */
export interface ConnectionWords {
  /** The value of one of the program's options. */
  readonly option: (name: string) => string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly workingFolder: string
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * Reads the address, the trusted certificates and what the caller proves itself with. Throws `COMMAND_VALUE_INVALID`,
 * `COMMAND_FILE_UNREADABLE`, `COMMAND_FILE_EXPOSED`, `COMMAND_CREDENTIAL_INVALID`, `COMMAND_OPTION_MISUSED`.
 */
export async function openTarget (words: ConnectionWords): Promise<ConnectorTarget> {
  const address = serverAddress(said(words, 'server', 'CAXTON_SERVER') ?? DEFAULT_SERVER)
  const trustFile = fileOf(words, 'ca', 'CAXTON_CA')
  const trust = trustFile === undefined ? undefined : await textOf(trustFile)
  const certificate = await readClientCertificate({
    chain: fileOf(words, 'client-cert', 'CAXTON_CLIENT_CERT'),
    key: fileOf(words, 'client-key', 'CAXTON_CLIENT_KEY'),
    isEncrypted: trust !== undefined,
  })
  const bearer = await credentialsOf(words).bearer(address)
  return {
    address,
    ...trust === undefined ? {} : { trust },
    ...certificate === undefined ? {} : { certificate },
    ...bearer === undefined ? {} : { bearer },
  }
}

/** Every place where a key or token may be, the most explicit first. */
function credentialsOf (words: ConnectionWords): CallerCredentials {
  const token = said(words, 'token-file') === undefined ? words.environment['CAXTON_TOKEN'] : undefined
  const place = loginPlace(words.environment)
  return new CallerCredentials([
    new ToldToken(token, fileOf(words, 'token-file', 'CAXTON_TOKEN_FILE')),
    ...place === undefined ? [] : [new StoredLogin(new LoginFile(place, words.clock), words.clock, words.signal)],
  ])
}

/** What the line says, or else the environment; empty words count as none. */
function said ({ option, environment }: ConnectionWords, name: string, variable?: string): string | undefined {
  const text = option(name) ?? (variable === undefined ? undefined : environment[variable])
  return text === '' ? undefined : text
}

function fileOf (words: ConnectionWords, name: string, variable: string): string | undefined {
  const file = said(words, name, variable)
  return file === undefined ? undefined : resolve(words.workingFolder, file)
}

const textOf = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: unknown) => { throw fileUnreadable(file, error) })
