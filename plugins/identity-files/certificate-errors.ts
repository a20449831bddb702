import { defineError } from '../../kernel/contract/index.js'

export const AuthorityMissing = defineError({
  code: 'AUTHORITY_MISSING',
  kind: 'precondition',
  meaning: 'A certificate was to be made, and there is no authority where it was looked for.',
  remedy: 'Make one with `caxton security init-ca`, or name the folder that holds it with --dir, or its files with --ca-cert and --ca-key.',
  sentence: (d: { file: string }) => `there is no authority: ${d.file} is not there`,
})

export const AuthorityUnusable = defineError({
  code: 'AUTHORITY_UNUSABLE',
  kind: 'precondition',
  meaning: 'The certificate and key of an authority can not sign certificates that anybody would accept.',
  remedy: 'Name the right files with --ca-cert and --ca-key, or make a new authority with `caxton security init-ca`.',
  sentence: (d: { file: string, reason: string }) => `the authority in ${d.file} can not sign: ${d.reason}`,
})

export const AuthorityKeyExposed = defineError({
  code: 'AUTHORITY_KEY_EXPOSED',
  kind: 'precondition',
  meaning: 'Others than its owner may read the key of an authority: whoever has it can make a node that the cluster trusts.',
  remedy: 'Take the right away with `chmod 600 FILE`. If somebody may have read it, make a new authority instead.',
  sentence: (d: { file: string }) => `others than its owner may read the key ${d.file}`,
})

export const CertificateNameInvalid = defineError({
  code: 'CERTIFICATE_NAME_INVALID',
  kind: 'invalid',
  meaning: 'A name or an address can not stand in a certificate.',
  remedy: 'A node\'s name has 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit. A host is a DNS '
    + 'name without wildcards, or an IP address. The name of an authority has 1 to 64 characters. A '
    + 'client\'s has 1 to 64 letters, digits, dots, dashes, underscores, + and @.',
  sentence: (d: { what: string, name: string }) => `${d.what} can't be ${JSON.stringify(d.name)}`,
})

export const CertificateFileExists = defineError({
  code: 'CERTIFICATE_FILE_EXISTS',
  kind: 'exists',
  meaning: 'A new key or certificate would replace one that is there.',
  remedy: 'Choose another folder with --dir, or replace it with --force. A new authority makes all certificates of the old one worthless.',
  sentence: (d: { file: string }) => `${d.file} is there already`,
})

export const CertificateFileUnwritable = defineError({
  code: 'CERTIFICATE_FILE_UNWRITABLE',
  kind: 'precondition',
  meaning: 'A new key or certificate could not be written.',
  remedy: 'Check that the folder can be written to, or choose another one with --dir.',
  sentence: (d: { file: string, reason: string }) => `can't write ${d.file}: ${d.reason}`,
})

export const RevocationListUnusable = defineError({
  code: 'REVOCATION_LIST_UNUSABLE',
  kind: 'precondition',
  meaning: 'The list of revoked certificates, to which one was to be added, can not be read, or another authority signed it.',
  remedy: 'Restore it from a backup: without it, certificates that were revoked are good again. A new one is made where there is none.',
  sentence: (d: { file: string, reason: string }) => `can't add to the revocation list ${d.file}: ${d.reason}`,
})

export const CertificateNotRenewable = defineError({
  code: 'CERTIFICATE_NOT_RENEWABLE',
  kind: 'invalid',
  meaning: 'A certificate was to be renewed or revoked that is not one of this authority, or not of a node or a client.',
  remedy: 'Name the file of a certificate that `caxton security gen-cert` or `gen-client-cert` made, and its authority with --ca-cert and '
    + '--ca-key.',
  sentence: (d: { file: string, reason: string }) => `the certificate in ${d.file} can't be used: ${d.reason}`,
})

export const CertificateRequestUnusable = defineError({
  code: 'CERTIFICATE_REQUEST_UNUSABLE',
  kind: 'invalid',
  meaning: 'A certificate was to be made for a request that is damaged, was made by somebody without the key, or is somebody else\'s.',
  remedy: 'Make a new one with `caxton security request` on the machine whose certificate is to be renewed, and copy it as it is.',
  sentence: (d: { file: string, reason: string }) => `the request in ${d.file} can't be used: ${d.reason}`,
})

export const certificateErrors = [
  AuthorityMissing, AuthorityUnusable, AuthorityKeyExposed, CertificateNameInvalid, CertificateFileExists, CertificateFileUnwritable,
  CertificateNotRenewable, CertificateRequestUnusable, RevocationListUnusable,
] as const
