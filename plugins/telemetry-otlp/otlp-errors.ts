import { defineError } from '../../kernel/contract/index.js'

export const OtlpSettingInvalid = defineError({
  code: 'OTLP_SETTING_INVALID',
  kind: 'configuration',
  meaning: 'A header or an attribute that telemetry-otlp is to send is not written as one.',
  remedy: 'Write headers as "name: value" and attributes as "name=value".',
  sentence: (d: { key: string, position: number }) => `${d.key}[${d.position}] can not be read`,
})

export const OtlpTrustUnreadable = defineError({
  code: 'OTLP_TRUST_UNREADABLE',
  kind: 'configuration',
  meaning: 'The file with the authorities that telemetry-otlp is to trust can not be read.',
  remedy: 'Check the path in `trust`, and that the server may read the file.',
  sentence: (d: { file: string, reason: string }) => `the authorities in ${d.file} can not be read: ${d.reason}`,
})

export const OtlpClientCertificateUnusable = defineError({
  code: 'OTLP_CLIENT_CERTIFICATE_UNUSABLE',
  kind: 'configuration',
  meaning: 'The certificate that telemetry-otlp is to show, or its key, can not be read, or they do not belong together.',
  remedy: 'Name both `certificate` and `key`, files in PEM that the server may read, the key without a password.',
  sentence: (d: { reason: string }) => `there is no client certificate for the collector: ${d.reason}`,
})

export const otlpErrors = [OtlpSettingInvalid, OtlpTrustUnreadable, OtlpClientCertificateUnusable]
