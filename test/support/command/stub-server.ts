import { create, type DescMessage, type DescMethod, type Message, type MessageInitShape } from '@bufbuild/protobuf'
import {
  Server, ServerCredentials, type handleClientStreamingCall, type ServiceError, type UntypedHandleCall,
} from '@grpc/grpc-js'
import { Agents, Capabilities, DeadLetters, Messages, Server as ServerService } from '../../../kernel/contract/index.js'
import type { Answers } from './stub-connector.js'
import { definitionOf, toWire } from './stub-wire.js'

/** A gRPC server on a port of its own that gives the answers of a test. */
export interface StubServer {
  readonly address: string
  /** Ends every call and frees the port. */
  stop (): void
}

interface Cancellable {
  on (event: 'cancelled', listener: () => void): unknown
}

interface Incoming extends Cancellable {
  readonly request: Message
}

interface OutgoingStream extends Incoming {
  write (message: Message): boolean
  end (): void
  emit (event: 'error', error: Error): void
}

type Callback = (error: ServiceError | null, message?: Message) => void

/** Starts a server for all operations of the contract; those without an answer fail. */
export async function startStubServer (answers: Answers): Promise<StubServer> {
  const server = new Server()
  for (const service of [Agents, Capabilities, DeadLetters, Messages, ServerService]) {
    const methods = Object.values(service.method) as DescMethod[]
    server.addService(
      Object.fromEntries(methods.map(method => [method.name, definitionOf(method)])),
      Object.fromEntries(methods.map(method => [method.name, handlerOf(method, answers[`${service.name}/${method.name}`])])))
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound)
      else reject(error)
    })
  })
  return { address: `127.0.0.1:${port}`, stop: () => { server.forceShutdown() } }
}

type Answer = Answers[string] | undefined

function handlerOf (method: DescMethod, answer: Answer): UntypedHandleCall {
  if (method.methodKind === 'server_streaming') return (call: OutgoingStream) => { void stream(call, method, answer) }
  if (method.methodKind === 'unary') {
    return (call: Incoming, callback: Callback) => { void reply(callback, method, answer, call, async () => call.request) }
  }
  const handler: handleClientStreamingCall<Message, Message> = (call, callback) => {
    void reply(callback, method, answer, call, async () => {
      const all: unknown[] = []
      for await (const message of call) all.push(message)
      return all
    })
  }
  return handler
}

async function reply (
  callback: Callback, method: DescMethod, answer: Answer, call: Cancellable, read: () => Promise<unknown>,
): Promise<void> {
  try {
    callback(null, messageOf(method, await ask(answer, await read(), call)))
  } catch (error) {
    callback(toWire(error))
  }
}

async function stream (call: OutgoingStream, method: DescMethod, answer: Answer): Promise<void> {
  try {
    for await (const item of await ask(answer, call.request, call) as AsyncIterable<unknown>) call.write(messageOf(method, item))
    call.end()
  } catch (error) {
    call.emit('error', toWire(error))
  }
}

async function ask (answer: Answer, request: unknown, call: Cancellable): Promise<unknown> {
  if (answer === undefined) throw new Error('the test has no answer for this')
  const cancelled = new AbortController()
  call.on('cancelled', () => { cancelled.abort() })
  return await answer(request as never, cancelled.signal)
}

const messageOf = (method: DescMethod, init: unknown): Message =>
  create<DescMessage>(method.output, init as MessageInitShape<DescMessage>)
