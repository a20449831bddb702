import { FRAME, type Tracer } from '../../contract/index.js'
import { isSampled, traceIdOf } from './message-spans.js'

/** Notes where messages leave this node for another, and where they come in. */
export class HopSpans {
  constructor (private readonly tracer: Tracer) {}

  /** A message is about to be sent to another node. The frame goes on as a child of this step. Answers what ends it. */
  leaving (view: DataView, nodeId: string): (failure?: string) => void {
    return this.#hop(view, nodeId, 'to')
  }

  arrived (view: DataView, nodeId: string): void {
    this.#hop(view, nodeId, 'from')()
  }

  #hop (view: DataView, nodeId: string, way: 'to' | 'from'): (failure?: string) => void {
    if (!isSampled(view, 0)) return nothing
    const parent = { traceId: traceIdOf(view, 0), spanId: spanIdOf(view), sampled: true }
    const span = this.tracer.start(`hop ${way} ${nodeId}`, {
      kind: way === 'to' ? 'client' : 'server', parent, attributes: { 'caxton.peer.node': nodeId },
    })
    writeSpanId(view, span.context.spanId)
    return failure => { span.end(failure) }
  }
}

const nothing = (): void => {}

const spanIdOf = (view: DataView): string => view.getBigUint64(FRAME.spanId).toString(16).padStart(16, '0')

function writeSpanId (view: DataView, spanId: string): void {
  view.setBigUint64(FRAME.spanId, BigInt(`0x${spanId}`))
}
