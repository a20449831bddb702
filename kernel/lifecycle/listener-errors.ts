import { defineError } from '../contract/index.js'

export const ListenerUnprotected = defineError({
  code: 'LISTENER_UNPROTECTED',
  kind: 'configuration',
  meaning: 'A port that others could reach would be open without encryption, or without anybody asking who calls.',
  remedy: 'Listen on 127.0.0.1, or give the node a certificate (identity plugin) and configure an authenticator (auth-... plugin).',
  sentence: (d: { purpose: string, host: string, port: number, lacks: readonly string[] }) =>
    `${d.purpose} must not listen on ${d.host}:${d.port}: it lacks ${d.lacks.join(' and ')}, and other machines could reach it`,
})

export const ListenerAddressInUse = defineError({
  code: 'LISTENER_ADDRESS_IN_USE',
  kind: 'precondition',
  meaning: 'Another process already listens on the port.',
  remedy: 'Stop the other process, perhaps an older server (`caxton server stop`), or configure another port.',
  sentence: (d: { purpose: string, host: string, port: number, holder: string }) =>
    `${d.purpose} can't listen on ${d.host}:${d.port}: the port is taken by ${d.holder}`,
})

export const ListenerFailed = defineError({
  code: 'LISTENER_FAILED',
  kind: 'precondition',
  meaning: 'The system does not let the server listen on an address.',
  remedy: 'Check that the address belongs to this machine; ports below 1024 need a privilege, others do not.',
  sentence: (d: { purpose: string, host: string, port: number, reason: string }) =>
    `${d.purpose} can't listen on ${d.host}:${d.port}: ${d.reason}`,
})

export const listenerErrors = [ListenerUnprotected, ListenerAddressInUse, ListenerFailed]
