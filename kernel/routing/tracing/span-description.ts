import { FRAME, FRAME_FLAGS, type Attributes, type FinishedSpan, type SpanKind } from '../../contract/index.js'
import { aclOf } from '../frames/acl-message.js'
import { decodeFrame } from '../frames/frame.js'
import type { NameOf } from '../frames/frame-message.js'
import { messageIdText } from '../frames/message-id.js'
import { passedAt } from '../passed-at.js'
import { ELSEWHERE } from '../remote/remote-post.js'
import type { MessageSpan, MessageSpanKind } from './message-span.js'

const HOME_BYTE = FRAME.conversation + 7
const KINDS: Readonly<Record<MessageSpanKind, SpanKind>> = { send: 'producer', process: 'consumer', receive: 'consumer', timer: 'internal' }

/** Describes spans of messages as the conventions of OpenTelemetry for messaging say. */
export class SpanDescription {
  /** @param now Milliseconds since the Unix epoch, with fractions. */
  constructor (private readonly nameOf: NameOf, private readonly now: () => number) {}

  of (span: MessageSpan): FinishedSpan {
    const { kind, traceId, spanId, parentSpanId, startedAt, endedAt, head, agent, failure } = span
    // Threads have a clock of their own in common, and nothing else does.
    const offset = this.now() - passedAt()
    const name = head === undefined ? this.nameOf(agent) ?? 'unknown' : this.nameOf(decodeFrame(head).receiver.handle) ?? 'unknown'
    return {
      traceId, spanId, name: `${kind} ${name}`, kind: KINDS[kind],
      startedAt: startedAt + offset, endedAt: endedAt + offset,
      attributes: head === undefined ? { 'caxton.agent': name } : this.#attributes(span, head),
      ...parentSpanId === '' ? {} : { parentSpanId },
      ...failure === '' ? {} : { failure },
    }
  }

  #attributes ({ kind, size, waited }: MessageSpan, head: Uint8Array): Attributes {
    // The conversation has one id on all nodes.
    head[HOME_BYTE] = (head[HOME_BYTE] ?? 0) & ~ELSEWHERE
    const read = decodeFrame(head)
    const { performative, sender, receiver, conversationId, protocol } = aclOf(head, this.nameOf)
    const speaksPlatform = (read.flags & FRAME_FLAGS.platform) !== 0
    return {
      'messaging.system': 'caxton',
      'messaging.operation.name': kind,
      'messaging.operation.type': kind,
      'messaging.destination.name': receiver,
      'messaging.message.id': messageIdText(read),
      'messaging.message.body.size': size,
      'caxton.message.act': performative,
      'caxton.message.sender': sender,
      ...conversationId === '' ? {} : { 'messaging.message.conversation_id': conversationId },
      ...protocol === '' ? {} : { 'caxton.message.protocol': protocol },
      ...kind === 'process' ? { 'caxton.message.waited_ms': Number(waited.toFixed(3)) } : {},
      ...speaksPlatform ? { 'caxton.message.platform': true, ...codeIn(read.content) } : {},
    }
  }
}

/** The code in what the platform says. */
function codeIn (content: Uint8Array): Attributes {
  try {
    const said: unknown = JSON.parse(Buffer.from(content).toString('utf8'))
    if (typeof said !== 'object' || said === null || !('code' in said)) return {}
    return typeof said.code === 'string' ? { 'caxton.message.code': said.code } : {}
  } catch {
    return {}
  }
}
