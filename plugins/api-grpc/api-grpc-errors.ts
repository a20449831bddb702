import { defineError } from '../../kernel/contract/index.js'

export const RequestMalformed = defineError({
  code: 'REQUEST_MALFORMED',
  kind: 'invalid',
  meaning: 'The bytes of a request are not the message that the operation takes: cut off, not UTF-8, too deep.',
  remedy: 'Send what the operation\'s .proto file describes; server reflection shows it.',
  sentence: (d: { operation: string, because: string }) =>
    `the request to "${d.operation}" can't be read: ${d.because}`,
})

export const HeadersTooLarge = defineError({
  code: 'HEADERS_TOO_LARGE',
  kind: 'exhausted',
  meaning: 'The headers of a call are larger than the server takes; a token with very many claims is the usual cause.',
  remedy: 'Send fewer or shorter headers, or raise `max_headers` of api-grpc.',
  sentence: (d: { operation: string, bytes: number, most: number }) =>
    `the headers of the call to "${d.operation}" have ${d.bytes} bytes, of at most ${d.most}`,
})

export const AnswerUnencodable = defineError({
  code: 'ANSWER_UNENCODABLE',
  kind: 'internal',
  meaning: 'A handler gave an answer that does not fit the type which its operation declares.',
  remedy: 'Look for the trace id in the server log, and report it to the author of the operation\'s plugin.',
  sentence: (d: { operation: string }) => `the answer of "${d.operation}" does not fit its type`,
})

export const CallTimeout = defineError({
  code: 'CALL_TIMEOUT',
  kind: 'timeout',
  meaning: 'The call was not done at the caller\'s deadline, or within the longest time that the server allows.',
  remedy: 'Give the call more time, or look why the server is slow: `caxton server status`.',
  sentence: (d: { operation: string, milliseconds: number }) =>
    `"${d.operation}" was not done within ${d.milliseconds} ms`,
})

export const CallInterrupted = defineError({
  code: 'CALL_INTERRUPTED',
  kind: 'unavailable',
  meaning: 'The server is being stopped and ends the streams that are open.',
  remedy: 'Try again when it has started, or ask another node.',
  sentence: (d: { operation: string }) => `"${d.operation}" ended because the server stops`,
})

export const ServerUnreachable = defineError({
  code: 'SERVER_UNREACHABLE',
  kind: 'unavailable',
  meaning: 'No server answers at the address.',
  remedy: 'Start it with `caxton server start`, or check the address. One that has a certificate is asked with `--ca FILE` or CAXTON_CA: '
    + 'the certificate of the authority that signed the server\'s.',
  sentence: (d: { address: string, because: string }) => `no server answers at ${d.address}: ${d.because}`,
})

export const ServerUntrusted = defineError({
  code: 'SERVER_UNTRUSTED',
  kind: 'denied',
  meaning: 'The server\'s certificate is not signed by the given authorities, or names another host.',
  remedy: 'Give the certificate of the authority that signed the server\'s, and an address that the certificate names.',
  sentence: (d: { address: string, because: string }) => `the server at ${d.address} is not trusted: ${d.because}`,
})

export const CredentialUnprotected = defineError({
  code: 'CREDENTIAL_UNPROTECTED',
  kind: 'precondition',
  meaning: 'A key or token was to be sent to another machine over a connection that everybody on the way can read. Nothing was sent.',
  remedy: 'Make the connection TLS with `--ca FILE` or CAXTON_CA: the certificate of the authority that signed the server\'s.',
  sentence: (d: { address: string }) => `the connection to ${d.address} is not encrypted, so no credential is sent over it`,
})

export const ConnectionLost = defineError({
  code: 'CONNECTION_LOST',
  kind: 'unavailable',
  meaning: 'The connection to the server broke before the answer was complete.',
  remedy: 'See with `caxton server status` if the server runs, look whether the operation took effect, and repeat it.',
  sentence: (d: { address: string, because: string }) => `the connection to ${d.address} was lost: ${d.because}`,
})

export const CallAbandoned = defineError({
  code: 'CALL_ABANDONED',
  kind: 'cancelled',
  meaning: 'The command was interrupted before the server had answered.',
  remedy: 'Look whether the operation took effect, and repeat it if it did not.',
  sentence: (d: { operation: string }) => `"${d.operation}" was given up before it was answered`,
})

export const OperationNotServed = defineError({
  code: 'OPERATION_NOT_SERVED',
  kind: 'precondition',
  meaning: 'The server does not offer the operation: another version runs there, or a plugin is not enabled.',
  remedy: 'Compare the versions with `caxton server status`, and the plugins with `caxton plugins list`.',
  sentence: (d: { address: string, operation: string }) => `the server at ${d.address} does not offer "${d.operation}"`,
})

export const AnswerMalformed = defineError({
  code: 'ANSWER_MALFORMED',
  kind: 'internal',
  meaning: 'What answers at the address does not speak gRPC, or not as this program expects it.',
  remedy: 'Check that the address is the gRPC port of a Caxton server of the same version.',
  sentence: (d: { address: string, because: string }) => `the answer from ${d.address} can't be read: ${d.because}`,
})

export const CallRefused = defineError({
  code: 'CALL_REFUSED',
  kind: 'internal',
  meaning: 'The server refused a call before any operation saw it, for example because a message was too large.',
  remedy: 'The sentence says why; the limits are keys of the plugin api-grpc.',
  sentence: (d: { address: string, operation: string, because: string }) =>
    `the server at ${d.address} refused "${d.operation}": ${d.because}`,
})

export const apiGrpcErrors = [
  RequestMalformed, HeadersTooLarge, AnswerUnencodable, CallTimeout, CallInterrupted, ServerUnreachable,
  ServerUntrusted, CredentialUnprotected, ConnectionLost, CallAbandoned, OperationNotServed, AnswerMalformed, CallRefused,
]
