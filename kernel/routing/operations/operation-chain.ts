import { create, type MessageInitShape } from '@bufbuild/protobuf'
import {
  orAborted, type AuditLog, type Call, type CaxtonError, type Metrics, type OperationContext, type OperationInfo, type Operations,
  parseTraceparent, type SecurityEvent, type Span, type Tracer,
} from '../../contract/index.js'
import { close, untilAborted } from './bounded-wait.js'
import { INSTANCE_HEADER } from './call-origin.js'
import { CallRecords } from './call-record.js'
import { CallsInFlight, type Flight } from './calls-in-flight.js'
import { CallCancelled } from './operation-errors.js'
import type { AnyHandler, OperationRegistry } from './operation-registry.js'
import { Passage, type About, type Guards } from './passage.js'

/** What the chain is made of. A seam that nobody fills is empty. */
export interface ChainParts extends Omit<Guards, 'records'> {
  readonly registry: OperationRegistry
  readonly audit: AuditLog | undefined
  readonly metrics: Metrics
  readonly tracer: Tracer
}

/**
 * The chain of {@link Operations}: admit → authenticate → authorize → admit the principal → record the intent of a
 * change → act → record the outcome → measure. One instance carries every call of the server.
 */
export class OperationChain implements Operations {
  private readonly traces = new WeakMap<object, string>()
  private readonly guards: Guards
  private readonly flights: CallsInFlight

  constructor (private readonly parts: ChainParts) {
    const { audit, clock, log, metrics } = parts
    this.guards = { ...parts, records: new CallRecords(audit, clock, log, metrics) }
    this.flights = new CallsInFlight(metrics, clock)
  }

  list (): readonly OperationInfo[] {
    return this.parts.registry.list()
  }

  /** Aborts the signal of every call that is under way. Calls that come later are refused. */
  stop (): void {
    this.flights.stop()
  }

  /** Puts on record what is no operation. */
  note (event: SecurityEvent): void {
    void this.guards.records.keep(event)
  }

  unary (operation: OperationInfo, request: unknown, call: Call): Promise<unknown> {
    const about = (info: OperationInfo): readonly string[] => this.parts.registry.resourcesOf(info.name, request)
    return this.carry(operation, call, about, async (handler, context) => handler(request, context))
  }

  async clientStream (operation: OperationInfo, requests: AsyncIterable<unknown>, call: Call): Promise<unknown> {
    const items = requests[Symbol.asyncIterator]()
    const { stream, first } = peeked(items)
    try {
      const about = (info: OperationInfo, signal: AbortSignal) => async (): Promise<readonly string[]> =>
        this.parts.registry.resourcesOf(info.name, await orAborted(first(), signal))
      return await this.carry(operation, call, about, async (handler, context) => handler(untilAborted(stream, context.signal), context))
    } catch (error) {
      close(items)
      throw error
    }
  }

  async * serverStream (operation: OperationInfo, request: unknown, call: Call): AsyncGenerator<unknown> {
    const { info, flight, passage, span } = this.begin(operation, call, 'stream')
    let result: string | undefined
    try {
      flight.ensureRoom()
      const context = await passage.enter(this.parts.registry.resourcesOf(info.name, request))
      const answers = this.handlerOf(info, call)(request, context) as AsyncIterable<unknown>
      for await (const answer of untilAborted(answers, context.signal)) yield complete(info, answer)
      await passage.done()
      result = 'ok'
    } catch (error) {
      const shown = await this.failed(passage, error)
      result = shown.code
      throw shown
    } finally {
      // The reader left between two answers: neither done nor failed.
      result ??= (await this.failed(passage, CallCancelled({ operation: info.name }))).code
      flight.end(result)
      ended(span, passage, result)
    }
  }

  traceOf (error: unknown): string | undefined {
    return typeof error === 'object' && error !== null ? this.traces.get(error) : undefined
  }

  private async carry (
    operation: OperationInfo, call: Call, about: (info: OperationInfo, signal: AbortSignal) => About,
    act: (handler: AnyHandler, context: OperationContext) => Promise<unknown>,
  ): Promise<unknown> {
    const { info, flight, passage, span } = this.begin(operation, call, 'call')
    let result = 'ok'
    try {
      flight.ensureRoom()
      const context = await passage.enter(about(info, flight.signal))
      const answer = complete(info, await act(this.handlerOf(info, call), context))
      await passage.done()
      return answer
    } catch (error) {
      const shown = await this.failed(passage, error)
      result = shown.code
      throw shown
    } finally {
      flight.end(result)
      ended(span, passage, result)
    }
  }

  /** Faces hand over what `list` gave them, but the right that counts is the registered one. */
  private begin (operation: OperationInfo, call: Call, kind: Flight['kind']): Begun {
    const info = this.parts.registry.infoOf(operation.name)
    const flight = this.flights.begin(info, call.signal, kind)
    const span = this.spanFor(info, call)
    return { info, flight, span, passage: new Passage(this.guards, info, call, span.context, flight.signal) }
  }

  private handlerOf (operation: OperationInfo, call: Call): AnyHandler {
    return this.parts.registry.handlerOf(operation.name, call.origin.headers.get(INSTANCE_HEADER))
  }

  /** Named and described as the conventions of OpenTelemetry say for remote procedure calls. */
  private spanFor ({ name, method }: OperationInfo, { trace, origin }: Call): Span {
    const parent = trace ?? parseTraceparent(origin.headers.get('traceparent') ?? '')
    return this.parts.tracer.start(name, {
      kind: 'server', parent,
      attributes: {
        'rpc.service': method.parent.typeName, 'rpc.method': method.name, 'client.address': origin.address, 'caxton.face': origin.face,
      },
    })
  }

  private async failed (passage: Passage, error: unknown): Promise<CaxtonError> {
    const shown = await passage.failed(error)
    this.traces.set(shown, passage.trace.traceId)
    return shown
  }
}

interface Begun {
  readonly info: OperationInfo
  readonly flight: Flight
  readonly passage: Passage
  readonly span: Span
}

function ended (span: Span, { caller, about }: Passage, result: string): void {
  span.set({ 'user.name': caller, ...about === '' ? {} : { 'caxton.resource': about } })
  span.end(result === 'ok' ? undefined : result)
}

/** Handlers may answer with plain objects; faces get whole messages. */
function complete (operation: OperationInfo, answer: unknown): unknown {
  return create(operation.method.output, answer as MessageInitShape<typeof operation.method.output>)
}

/** A stream whose first request, which says what a call is about, is looked at before the handler gets all of them. */
function peeked (items: AsyncIterator<unknown>): { readonly stream: AsyncIterable<unknown>, readonly first: () => Promise<unknown> } {
  let head: Promise<IteratorResult<unknown>> | undefined
  const next = (): Promise<IteratorResult<unknown>> => {
    const waiting = head ?? items.next()
    head = undefined
    return waiting
  }
  return {
    stream: { [Symbol.asyncIterator]: () => ({ next, return: async () => await items.return?.() ?? { done: true, value: undefined } }) },
    first: async () => {
      head = items.next()
      const result = await head
      return result.done === true ? undefined : result.value
    },
  }
}
