import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { RunCommand } from '../../contract/command.js'
import { fingerprint, isSigningKey, signatureText, signModule } from '../../lifecycle/agents/module-signature.js'
import { SigningFileUnwritable, SigningKeyUnusable } from '../signing-errors.js'
import { fileUnreadable } from '../line/file-words.js'
import { argument, option } from './input-words.js'

/** `caxton agents sign` */
export const run: RunCommand = async ({ input, workingFolder, terminal }) => {
  const file = resolve(workingFolder, argument(input, 'MODULE'))
  const place = resolve(workingFolder, option(input, 'signature') ?? `${file}.sig`)
  const module = await readFile(file).catch((error: unknown) => { throw fileUnreadable(file, error) })
  const signing = await keyIn(resolve(workingFolder, option(input, 'key') ?? ''))
  const hash = createHash('sha256').update(module).digest('hex')
  const key = fingerprint(createPublicKey(signing))
  await writeFile(place, signatureText(hash, { key, signature: signModule(hash, signing) })).catch((cause: unknown) => {
    throw SigningFileUnwritable({ file: place, problem: cause instanceof Error ? cause.message : String(cause) }, { cause })
  })
  terminal.record([['module', file], ['hash', hash], ['key', key], ['signature', place]], { module: file, hash, key, signature: place })
  return 0
}

async function keyIn (file: string): Promise<KeyObject> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => { throw fileUnreadable(file, error) })
  try {
    const key = createPrivateKey(text)
    if (isSigningKey(key)) return key
  } catch (cause) {
    throw SigningKeyUnusable({ file, problem: cause instanceof Error ? cause.message : String(cause) }, { cause })
  }
  throw SigningKeyUnusable({ file, problem: 'it is no key for Ed25519' })
}
