import type { X509Certificate } from 'node:crypto'
import { parseCertificates } from './credential-check.js'
import { readPem } from './credential-files.js'

/** The certificates of one file. Throws `IDENTITY_FILE_UNREADABLE` and `IDENTITY_CERTIFICATE_INVALID`. */
export const readCertificates = async (file: string): Promise<[X509Certificate, ...X509Certificate[]]> =>
  parseCertificates(await readPem(file), file)
