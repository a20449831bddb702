import type { DurableArrivals } from '../remote/remote-post.js'
import { UNDELIVERABLE } from '../undeliverable.js'
import type { Acceptance, DurableAcceptance } from './durable-acceptance.js'

/** Outcomes after which the message is here. */
const HERE: readonly Acceptance[] = [undefined, 'MESSAGE_DUPLICATE']

/** Keeps durable messages that came from other nodes. */
export class KeptArrivals implements DurableArrivals {
  constructor (private readonly acceptance: Pick<DurableAcceptance, 'accept'>) {}

  arrive (frame: Uint8Array, _receiver: string, _sender: string, settled: (outcome: number) => void): void {
    void this.acceptance.accept(frame).then(outcome => {
      settled(outcome === undefined || HERE.includes(outcome) ? -1 : UNDELIVERABLE.indexOf(outcome))
    })
  }
}
