import { defineError } from '../../kernel/contract/index.js'

export const IdentityFilesIncomplete = defineError({
  code: 'IDENTITY_FILES_INCOMPLETE',
  kind: 'configuration',
  meaning: 'Some of key, chain and trust are configured, and some are not.',
  remedy: 'Give all three, or none for a node without certificates.',
  sentence: (d: { instance: string, missing: readonly string[] }) =>
    `plugins.${d.instance} lacks ${d.missing.join(' and ')}, which must be given with the others`,
})

export const IdentityFileUnreadable = defineError({
  code: 'IDENTITY_FILE_UNREADABLE',
  kind: 'configuration',
  meaning: 'A file with a key or certificates cannot be read.',
  remedy: 'Check that the path is right and that the user that runs Caxton may read it.',
  sentence: (d: { file: string, reason: string }) => `cannot read ${d.file}: ${d.reason}`,
})

export const IdentityKeyInvalid = defineError({
  code: 'IDENTITY_KEY_INVALID',
  kind: 'configuration',
  meaning: 'The file named as key holds no private key that can be used.',
  remedy: 'It must be a private key in PEM and not encrypted: `openssl pkey -in FILE -out FILE` takes the '
    + 'passphrase off.',
  sentence: (d: { file: string, reason: string }) => `${d.file} holds no usable private key: ${d.reason}`,
})

export const IdentityCertificateInvalid = defineError({
  code: 'IDENTITY_CERTIFICATE_INVALID',
  kind: 'configuration',
  meaning: 'A file with certificates holds none, a damaged one, or a chain in the wrong order.',
  remedy: 'It must hold certificates in PEM: in the chain the node\'s own first, then each one\'s issuer.',
  sentence: (d: { file: string, reason: string }) => `the certificates in ${d.file} cannot be used: ${d.reason}`,
})

export const IdentityKeyMismatch = defineError({
  code: 'IDENTITY_KEY_MISMATCH',
  kind: 'configuration',
  meaning: 'The private key is not the one that the node\'s certificate was made for.',
  remedy: 'Put the key and the certificate that belong together into place. The node\'s certificate comes first in '
    + 'the chain.',
  sentence: (d: { key: string, chain: string }) => `the key ${d.key} does not belong to the first certificate in ${d.chain}`,
})

export const IdentityRevocationsInvalid = defineError({
  code: 'IDENTITY_REVOCATIONS_INVALID',
  kind: 'configuration',
  meaning: 'The revocation lists can not be used. They are never passed over: what they revoke would be trusted.',
  remedy: 'The file must hold lists in PEM (`X509 CRL`), each signed by one of the trusted authorities. '
    + '`caxton security revoke` makes one.',
  sentence: (d: { file: string, reason: string }) => `the revocation lists in ${d.file} can't be used: ${d.reason}`,
})

export const identityErrors = [
  IdentityFilesIncomplete, IdentityFileUnreadable, IdentityKeyInvalid, IdentityCertificateInvalid, IdentityKeyMismatch,
  IdentityRevocationsInvalid,
] as const
