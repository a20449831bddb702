import type { DurableArrivals } from '../remote/remote-post.js'
import { UNDELIVERABLE } from '../undeliverable.js'
import type { DurableDelivery } from './durable-delivery.js'

/** Keeps durable messages that came from other nodes. */
export class KeptArrivals implements DurableArrivals {
  constructor (private readonly delivery: Pick<DurableDelivery, 'accept'>) {}

  arrive (frame: Uint8Array, _receiver: string, _sender: string, settled: (outcome: number) => void): void {
    void this.delivery.accept(frame).then(refusal => settled(refusal === undefined ? -1 : UNDELIVERABLE.indexOf(refusal)))
  }
}
