/** What went wrong with a connection, in the operator's words. The other node is the subject, or the connection. */
const TROUBLES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was reset',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'there is no way to that address',
  ENETUNREACH: 'there is no way to that network',
  ENOTFOUND: 'its name is not known to DNS',
  EAI_AGAIN: 'DNS does not answer',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not use TLS, and this node does',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it does not speak TLS 1.3',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it does not speak TLS 1.3',
  ERR_SSL_NO_APPLICATION_PROTOCOL: 'it speaks TLS, but not the protocol of links',
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: 'it speaks TLS, but not the protocol of links',
  CERT_HAS_EXPIRED: 'its certificate, or its authority\'s, has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; the clock of one of the two nodes may be wrong',
  CERT_REVOKED: 'its certificate is revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate does not come from an authority that this node trusts',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate does not come from an authority that this node trusts',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate does not come from an authority that this node trusts',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate does not come from an authority that this node trusts',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate does not come from an authority that this node trusts',
  INVALID_PURPOSE: 'its certificate may not be used for both ends of a connection',
}

export function troubleIn (error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return TROUBLES[code] ?? error.message
}

/** For a word that TLS gives as the reason why it trusts no certificate; some are sentences already. */
export const certificateTrouble = (word: string): string => TROUBLES[word] ?? word
