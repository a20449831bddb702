import { X509Certificate } from 'node:crypto'

/** Why a certificate (DER) is not that of a node, or undefined: one of its DNS names or its common name must be the node's id. */
export function misnamed (certificate: Uint8Array, nodeId: string): string | undefined {
  const parsed = new X509Certificate(certificate)
  const isNamed = !nodeId.startsWith('.') && parsed.checkHost(nodeId, { subject: 'always', wildcards: false }) !== undefined
  if (isNamed) return undefined
  const names = [parsed.subject.replaceAll('\n', ', '), parsed.subjectAltName ?? 'no other names'].join('; ')
  return `its certificate is not for node "${nodeId}" but for ${names}`
}
