import { defineError } from '../../contract/index.js'

export const OperationRightMissing = defineError({
  code: 'OPERATION_RIGHT_MISSING',
  kind: 'configuration',
  meaning: 'A plugin contributes a method that does not say which right a caller must have.',
  remedy: 'The author of the plugin adds `option (caxton.v1.operation) = { right: "..." }` to the method.',
  sentence: (d: { operation: string }) => `the operation "${d.operation}" names no right, so nobody could be refused`,
})

export const OperationResourceInvalid = defineError({
  code: 'OPERATION_RESOURCE_INVALID',
  kind: 'configuration',
  meaning: 'A plugin contributes a method whose option says in no known way which things a call is about.',
  remedy: 'The author of the plugin mends `resources` in the option of the method; operation.proto says how they are written.',
  sentence: (d: { operation: string, problem: string }) => `the resources of the operation "${d.operation}" can't be read: ${d.problem}`,
})

export const OperationHandlerMissing = defineError({
  code: 'OPERATION_HANDLER_MISSING',
  kind: 'configuration',
  meaning: 'A plugin contributes a service without a handler for one of its methods.',
  remedy: 'The author of the plugin adds a handler of that name to what `handlersOf` returns.',
  sentence: (d: { operation: string, instance: string, handler: string }) =>
    `the plugin "${d.instance}" gives no handler "${d.handler}" for the operation "${d.operation}"`,
})

export const OperationKindUnsupported = defineError({
  code: 'OPERATION_KIND_UNSUPPORTED',
  kind: 'configuration',
  meaning: 'A plugin contributes a method that streams in both directions, which no face carries.',
  remedy: 'The author of the plugin splits the method into one that takes a stream and one that answers with a stream.',
  sentence: (d: { operation: string }) => `the operation "${d.operation}" streams in both directions`,
})

export const OperationDuplicate = defineError({
  code: 'OPERATION_DUPLICATE',
  kind: 'configuration',
  meaning: 'Two plugins contribute a service of one name, or one contributes it twice.',
  remedy: 'Leave one of the two out of the configuration. Authors: give services a proto package of their own.',
  sentence: (d: { service: string, instance: string, first: string }) =>
    `the plugin "${d.instance}" contributes the service "${d.service}", which "${d.first}" already does`,
})

export const OperationUnknown = defineError({
  code: 'OPERATION_UNKNOWN',
  kind: 'not-found',
  meaning: 'A face carried a call to an operation that is not registered.',
  remedy: 'Report it to the author of the face: it may only carry what `list` gives.',
  sentence: (d: { operation: string }) => `there is no operation "${d.operation}"`,
})

export const OperationInstanceNeeded = defineError({
  code: 'OPERATION_INSTANCE_NEEDED',
  kind: 'invalid',
  meaning: 'Several instances of a plugin run, and the call does not say which one it means.',
  remedy: 'Name one of them in the request header `caxton-instance`.',
  sentence: (d: { operation: string, instances: readonly string[] }) =>
    `the operation "${d.operation}" is offered by ${d.instances.join(', ')}; the call names none of them`,
})

export const OperationInstanceUnknown = defineError({
  code: 'OPERATION_INSTANCE_UNKNOWN',
  kind: 'not-found',
  meaning: 'The call names a plugin instance that does not offer the operation.',
  remedy: 'List the instances with `caxton plugins list`.',
  sentence: (d: { operation: string, instance: string }) =>
    `no instance "${d.instance}" offers the operation "${d.operation}"`,
})

export const Unauthorized = defineError({
  code: 'UNAUTHORIZED',
  kind: 'unauthenticated',
  meaning: 'The caller did not prove who it is. The answer never says what was wrong; the log and the audit log do.',
  remedy: 'Send a valid credential: `caxton` takes a key or token from CAXTON_TOKEN, `--token-file` or `caxton login`, a certificate '
    + 'from `--client-cert`; other clients use the header `authorization: Bearer ...`.',
  sentence: (_details: object) => 'the caller is not authenticated',
})

export const Forbidden = defineError({
  code: 'FORBIDDEN',
  kind: 'denied',
  meaning: 'The caller is known and lacks the right that the operation needs.',
  remedy: 'Ask the operator to grant the right by a role.',
  sentence: (d: { principal: string, operation: string, right: string, because: string }) =>
    `"${d.principal}" lacks the right "${d.right}" for "${d.operation}": ${d.because}`,
})

export const RateLimited = defineError({
  code: 'RATE_LIMITED',
  kind: 'exhausted',
  meaning: 'The caller sends more than the operator allows, or the server has as many calls as it can carry.',
  remedy: 'Wait as long as the error says, then try again.',
  sentence: (d: { operation: string, because: string, retryAfter: number }) =>
    `"${d.operation}" is refused for now: ${d.because}; try again in ${d.retryAfter} ms`,
})

export const AuditUnavailable = defineError({
  code: 'AUDIT_UNAVAILABLE',
  kind: 'unavailable',
  meaning: 'The intent to change something could not be put on record, so the change was refused.',
  remedy: 'Look at the audit plugin: `caxton server status`. Is its disk full?',
  sentence: (d: { operation: string }) => `"${d.operation}" was not begun because it could not be put on record`,
})

export const CallCancelled = defineError({
  code: 'CALL_CANCELLED',
  kind: 'cancelled',
  meaning: 'The caller went away, or the server stopped, before the operation was done.',
  remedy: 'Look whether it took effect, and repeat it if it did not.',
  sentence: (d: { operation: string }) => `"${d.operation}" was cancelled before it was done`,
})

export const InternalError = defineError({
  code: 'INTERNAL_ERROR',
  kind: 'internal',
  meaning: 'Something failed that nobody foresaw. The server log has the whole story under the trace id.',
  remedy: 'Look for the trace id in the server log, and report what you find there.',
  sentence: (d: { operation: string }) => `"${d.operation}" failed for a reason that nobody foresaw`,
})

export const operationErrors = [
  OperationRightMissing, OperationResourceInvalid, OperationHandlerMissing, OperationKindUnsupported, OperationDuplicate,
  OperationUnknown, OperationInstanceNeeded, OperationInstanceUnknown, Unauthorized, Forbidden, RateLimited, AuditUnavailable,
  CallCancelled, InternalError,
]
