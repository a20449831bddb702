import { defineError } from '../errors.js'

export const TlsCredentialsMissing = defineError({
  code: 'TLS_CREDENTIALS_MISSING',
  kind: 'configuration',
  meaning: 'TLS is required by the configuration, and the node has no certificate.',
  remedy: 'Give the node a certificate with an identity plugin, or set `tls = "auto"` and listen on 127.0.0.1.',
  sentence: (d: { instance: string }) => `[plugins.${d.instance}] requires TLS, but the node has no certificate`,
})

export const faceErrors = [TlsCredentialsMissing] as const
