import type { RecordSink } from '../../kernel/contract/links/record-reader.js'

/** Keeps what a reader reads. */
export class CollectingSink implements RecordSink {
  readonly records: Array<{ readonly kind: number, readonly body: Uint8Array }> = []
  readonly malformations: string[] = []
  readonly ends: string[] = []

  constructor (readonly limits: readonly number[]) {}

  record (kind: number, body: Uint8Array): void {
    this.records.push({ kind, body })
  }

  malformed (reason: string): void {
    this.malformations.push(reason)
  }

  ended (reason: string): void {
    this.ends.push(reason)
  }
}
