import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readSignature, type ModuleSignature } from '../../lifecycle/agents/module-signature.js'
import { fileUnreadable } from '../line/file-words.js'
import { SignatureFileInvalid } from '../signing-errors.js'

/** The signature of a module: from the file that is named, or from the one beside the module, if it is there. */
export async function signatureBeside (
  module: string, named: string | undefined, workingFolder: string,
): Promise<{ readonly signature?: ModuleSignature }> {
  const file = named === undefined ? `${module}.sig` : resolve(workingFolder, named)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (named === undefined && error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw fileUnreadable(file, error)
  })
  if (text === undefined) return {}
  const read = readSignature(text)
  if (read === undefined) throw SignatureFileInvalid({ file })
  return { signature: { key: read.key, signature: read.signature } }
}
