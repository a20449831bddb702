import { Metadata } from '@grpc/grpc-js'
import type { GrpcFailure } from './grpc-status.js'

/** A failure in the form that grpc-js sends. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed'
  readonly code: number
  readonly details: string
  readonly metadata = new Metadata()

  constructor ({ status, message, trailers }: GrpcFailure) {
    super(message)
    this.code = status
    this.details = message
    for (const [name, value] of trailers) this.metadata.set(name, value)
  }
}
