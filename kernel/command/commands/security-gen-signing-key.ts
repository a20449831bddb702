import { generateKeyPairSync } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { RunCommand } from '../../contract/command.js'
import { fingerprint } from '../../lifecycle/agents/module-signature.js'
import { CommandValueInvalid } from '../command-errors.js'
import { SigningFileUnwritable } from '../signing-errors.js'
import { option } from './input-words.js'

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** `caxton security gen-signing-key` */
export const run: RunCommand = async ({ input, workingFolder, terminal }) => {
  const name = option(input, 'name') ?? ''
  if (!NAME.test(name)) {
    throw CommandValueInvalid({ what: '`--name`', value: name, expected: 'up to 64 letters, digits, dots, dashes and underscores' })
  }
  const folder = resolve(workingFolder, option(input, 'dir') ?? '.')
  const places = { private: join(folder, `${name}.key`), public: join(folder, `${name}.pub`) }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = fingerprint(publicKey)
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => { throw unwritable(folder, cause) })
  await place(places.private, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600)
  await place(places.public, publicKey.export({ type: 'spki', format: 'pem' }).toString(), 0o644)
  terminal.record([
    ['signer', name], ['key', key], ['private key', places.private], ['public key', places.public],
  ], { signer: name, key, ...places })
  if (terminal.output !== 'human') return 0
  const lines = ['[agents]', 'require_signed = true', `trusted_keys = [${JSON.stringify(places.public)}]`]
  terminal.say(`In the configuration of each server:\n\n${lines.map(line => `    ${line}`).join('\n')}\n`)
  terminal.say(`Next: caxton agents sign MODULE --key ${places.private}`)
  return 0
}

/** Never takes the place of a file that is there. */
async function place (file: string, text: string, mode: number): Promise<void> {
  await writeFile(file, text, { mode, flag: 'wx', flush: true }).catch((cause: unknown) => { throw unwritable(file, cause) })
}

const unwritable = (file: string, cause: unknown): Error =>
  SigningFileUnwritable({ file, problem: cause instanceof Error ? cause.message : String(cause) }, { cause })
