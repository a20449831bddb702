import { defineError } from '../../kernel/contract/index.js'

export const QuicDriverMissing = defineError({
  code: 'QUIC_DRIVER_MISSING',
  kind: 'configuration',
  meaning: 'The driver that is configured for QUIC is not installed on this machine.',
  remedy: 'Set driver = "auto", which takes the best that is installed, or install the package that is named.',
  sentence: (d: { instance: string, driver: string, reason: string }) =>
    `plugins.${d.instance}.driver = "${d.driver}" cannot be used: ${d.reason}`,
})

export const quicErrors = [QuicDriverMissing] as const
