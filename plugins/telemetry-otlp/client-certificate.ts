import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { OtlpClientCertificateUnusable } from './otlp-errors.js'

/** A certificate with its chain, and its key, both in PEM. */
export interface ClientCertificate {
  readonly certificate: string
  readonly key: string
}

/** Reads and checks what is shown to the collector; undefined when neither file is named. Throws `OTLP_CLIENT_CERTIFICATE_UNUSABLE`. */
export async function clientCertificate (
  certificateFile: string | undefined, keyFile: string | undefined,
): Promise<ClientCertificate | undefined> {
  if (certificateFile === undefined && keyFile === undefined) return undefined
  if (certificateFile === undefined || keyFile === undefined) {
    throw OtlpClientCertificateUnusable({ reason: `only the ${certificateFile === undefined ? 'key' : 'certificate'} is named` })
  }
  try {
    const [certificate, key] = await Promise.all([readFile(certificateFile, 'utf8'), readFile(keyFile, 'utf8')])
    createSecureContext({ cert: certificate, key })
    return { certificate, key }
  } catch (error) {
    throw OtlpClientCertificateUnusable({ reason: error instanceof Error ? error.message : String(error) })
  }
}
