import { defineError } from '../contract/errors.js'

export const SigningKeyUnusable = defineError({
  code: 'SIGNING_KEY_UNUSABLE',
  kind: 'invalid',
  meaning: 'The file holds no private key for Ed25519 in PEM form, or one that is encrypted.',
  remedy: 'Name the `.key` file that `caxton security gen-signing-key` made.',
  sentence: (d: { file: string, problem: string }) => `${d.file} has no key to sign with: ${d.problem}`,
})

export const SigningFileUnwritable = defineError({
  code: 'SIGNING_FILE_UNWRITABLE',
  kind: 'precondition',
  meaning: 'A key or a signature could not be written. A key is never put in the place of a file that is there.',
  remedy: 'Choose another place or name, or make room on the disk; remove an old key yourself if nobody needs it.',
  sentence: (d: { file: string, problem: string }) => `${d.file} could not be written: ${d.problem}`,
})

export const SignatureFileInvalid = defineError({
  code: 'SIGNATURE_FILE_INVALID',
  kind: 'invalid',
  meaning: 'The file is not what `caxton agents sign` wrote.',
  remedy: 'Sign the module again, or remove the file if the module need not be signed.',
  sentence: (d: { file: string }) => `${d.file} is no signature of a module`,
})

export const signingErrors = [SigningKeyUnusable, SigningFileUnwritable, SignatureFileInvalid]
