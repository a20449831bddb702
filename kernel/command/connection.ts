import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ConnectorTarget } from '../contract/command.js'
import { fileUnreadable } from './line/file-words.js'
import { serverAddress } from './line/server-address.js'

/** Where to connect to, as the command line and the environment say it; empty words count as none. */
export interface ConnectionWords {
  readonly address: string | undefined
  readonly certificates: string | undefined
  readonly workingFolder: string
}

const DEFAULT_SERVER = '127.0.0.1:50051'

/** Reads the address and the trusted certificates. Throws `COMMAND_VALUE_INVALID`, `COMMAND_FILE_UNREADABLE`. */
export async function openTarget ({ address, certificates, workingFolder }: ConnectionWords): Promise<ConnectorTarget> {
  const target = { address: serverAddress(address || DEFAULT_SERVER) }
  if (certificates === undefined || certificates === '') return target
  const file = resolve(workingFolder, certificates)
  const trust = await readFile(file, 'utf8').catch((error: unknown) => { throw fileUnreadable(file, error) })
  return { ...target, trust }
}
