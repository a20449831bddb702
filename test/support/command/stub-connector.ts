import { create, type DescMessage, type DescMethod, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf'
import type { Connector } from '../../../kernel/contract/index.js'

/** Answers by the method's name, for example `Agents/List`; a function gets the request (or all of a stream's) and the signal. */
export type Answers = Readonly<Record<string, (request: never, signal: AbortSignal) => unknown>>

/** A connector without a server: it gives the answers that a test names, and keeps what was asked. */
export class StubConnector implements Connector {
  readonly asked: Array<{ readonly method: string, readonly request: unknown }> = []
  closed = false

  constructor (private readonly answers: Answers) {}

  async unary<M extends DescMethod> (
    method: M, request: MessageInitShape<M['input']>, signal?: AbortSignal,
  ): Promise<MessageShape<M['output']>> {
    return this.message<M['output']>(method.output, await this.answer(method, create<DescMessage>(method.input, request), signal))
  }

  async * serverStream<M extends DescMethod> (
    method: M, request: MessageInitShape<M['input']>, signal?: AbortSignal,
  ): AsyncGenerator<MessageShape<M['output']>> {
    const answers = await this.answer(method, create<DescMessage>(method.input, request), signal)
    for await (const answer of answers as AsyncIterable<unknown>) yield this.message<M['output']>(method.output, answer)
  }

  async clientStream<M extends DescMethod> (
    method: M, requests: AsyncIterable<MessageInitShape<M['input']>>, signal?: AbortSignal,
  ): Promise<MessageShape<M['output']>> {
    const all: unknown[] = []
    for await (const request of requests) all.push(create<DescMessage>(method.input, request))
    return this.message<M['output']>(method.output, await this.answer(method, all, signal))
  }

  close (): void {
    this.closed = true
  }

  private async answer (method: DescMethod, request: unknown, signal = new AbortController().signal): Promise<unknown> {
    const name = `${method.parent.name}/${method.name}`
    this.asked.push({ method: name, request })
    const answer = this.answers[name]
    if (answer === undefined) throw new Error(`the test has no answer for ${name}`)
    return await answer(request as never, signal)
  }

  private message<D extends DescMessage> (schema: D, init: unknown): MessageShape<D> {
    return create(schema, init as MessageInitShape<D>)
  }
}
