import type { DescMessage, DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import type { TraceContext } from './observe.js'
import { token } from './token.js'

/** Who calls. Without an authenticator every caller is the anonymous principal. */
export interface Principal {
  /** Stable name for the audit log: `anonymous`, `key:ci-deployer`, `cert:node-2`. */
  readonly name: string
  /** How it was proven: the authenticator's instance name, or `none`. */
  readonly method: string
  /** Roles that the proof itself carries, for the authorizer. */
  readonly roles: readonly string[]
}

/** Where a call comes from, as the face saw it. */
export interface Origin {
  /** Instance name of the face: `api-grpc`. */
  readonly face: string
  /** Peer address without port, for example `127.0.0.1`. */
  readonly address: string
  /** Request headers with lower-case names; credentials are in here until the chain has authenticated the call. */
  readonly headers: ReadonlyMap<string, string>
  /** The verified client certificate in DER, where the connection carries one. */
  readonly certificate?: Uint8Array
}

/** What a handler knows about its call besides the request. */
export interface OperationContext {
  readonly principal: Principal
  readonly origin: Origin
  readonly trace: TraceContext
  /** Aborts when the caller is gone, its deadline passed, or the server stops. */
  readonly signal: AbortSignal
}

/** A method of one kind, with its messages. */
interface MethodOf<K extends DescMethod['methodKind'], I extends DescMessage, O extends DescMessage> {
  readonly methodKind: K
  readonly input: I
  readonly output: O
}

/**
 * The handler of one method, by its kind. A streaming answer is an async iterable that ends when `context.signal` aborts.
 * Errors: throw a declared error; anything else reaches the caller as `INTERNAL_ERROR` with the trace id.
 */
export type Handler<M extends DescMethod> =
  M extends MethodOf<'unary', infer I, infer O>
    ? (request: MessageShape<I>, context: OperationContext) => Promise<MessageInitShape<O>>
    : M extends MethodOf<'server_streaming', infer I, infer O>
      ? (request: MessageShape<I>, context: OperationContext) => AsyncIterable<MessageInitShape<O>>
      : M extends MethodOf<'client_streaming', infer I, infer O>
        ? (requests: AsyncIterable<MessageShape<I>>, context: OperationContext) => Promise<MessageInitShape<O>>
        : never

/** One handler for each method of a service, by its name in the generated code. */
export type Handlers<S extends DescService> = { readonly [K in keyof S['method']]: Handler<S['method'][K]> }

/** A service with its handlers, as a plugin contributes it. The rights stand in the descriptor (`caxton.v1.operation`). */
export interface OperationService {
  readonly service: DescService
  /** Makes the handlers from the plugin's living object. Called once, after `start`. */
  handlersOf (main: object): Readonly<Record<string, unknown>>
}

/** Ties a service to the object that carries it out; the compiler checks every handler against the descriptor. */
export function operations<S extends DescService, M extends object> (
  service: S, handlersOf: (main: M) => Handlers<S>,
): OperationService {
  return { service, handlersOf: main => handlersOf(main as M) }
}

/** What a face needs to know of one operation. */
export interface OperationInfo {
  /** `caxton.v1.Agents/List` */
  readonly name: string
  readonly method: DescMethod
  /** The right that a caller must have, for example `agents:list`. */
  readonly right: string
  readonly changes: boolean
}

/** A call on its way into the chain. `signal` aborts when the caller goes away. */
export interface Call {
  readonly origin: Origin
  /** From the caller's `traceparent`, if it sent a valid one. */
  readonly trace?: TraceContext
  readonly signal: AbortSignal
}

/**
 * The one road for everything that anyone can do. Faces carry calls here and hold no logic of their own; the chain admits,
 * authenticates, authorizes, records, acts, records again and measures, for every operation alike. Every rejection is a
 * {@link CaxtonError}; `traceOf` gives the id to show with it.
 */
export interface Operations {
  list (): readonly OperationInfo[]
  /** A unary operation. */
  unary (operation: OperationInfo, request: unknown, call: Call): Promise<unknown>
  /** An operation that answers with a stream. */
  serverStream (operation: OperationInfo, request: unknown, call: Call): AsyncIterable<unknown>
  /** An operation that takes a stream. */
  clientStream (operation: OperationInfo, requests: AsyncIterable<unknown>, call: Call): Promise<unknown>
  /** The trace id under which a call's failure was recorded. */
  traceOf (error: unknown): string | undefined
}

/** What operations there will be, known before they are: for plugins that start earlier and check what they are told of rights. */
export interface OperationCatalogue {
  /** Every operation of the kernel and of the enabled plugins. */
  list (): readonly OperationInfo[]
}

export const OperationCatalogueToken = token<OperationCatalogue>('caxton/operation-catalogue@1')
export const OperationsToken = token<Operations>('caxton/operations@1')
