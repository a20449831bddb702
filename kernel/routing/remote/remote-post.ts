import { FRAME } from '../../contract/index.js'
import { hasConversation } from '../conversations/conversation-checks.js'
import type { Endpoint } from '../directory/endpoints.js'
import { FIRST_AGENT_HANDLE, PLATFORM_HANDLE } from '../directory/route-table.js'
import { viewOf, writeAddress, type Address } from '../frames/frame.js'
import { isPlatform } from '../frames/frame-flags.js'
import { answerTo } from '../platform-answers.js'
import { UNDELIVERABLE, type Undeliverable } from '../undeliverable.js'
import { ENVELOPE } from './envelope.js'
import type { RemoteAgent } from './remote-agents.js'
import { decodeSettled, encodeSettled, HOME, RemoteMessageReader, RemoteMessageWriter, type RemoteMessage } from './remote-message.js'
import type { RemotePostParts } from './remote-post-parts.js'
import { ReturnedFrames } from './returned-frames.js'
import { UnderWay } from './under-way.js'

/** In the uppermost byte of a conversation's id, where its thread stands: it lives on another node. */
export const ELSEWHERE = 0x80

const HOME_BYTE = FRAME.conversation + 7
const NODE_UNREACHABLE = UNDELIVERABLE.indexOf('NODE_UNREACHABLE')
const PLATFORM: Address = { handle: PLATFORM_HANDLE, generation: 0 }

/**
 * Where messages leave this node and come in: names in place of handles, and conversations marked that live on the other node, so that
 * each message is checked once, at its conversation's home. Main thread only.
 */
export class RemotePost implements Endpoint {
  readonly #underWay = new UnderWay()
  readonly #writer = new RemoteMessageWriter()
  readonly #reader = new RemoteMessageReader()
  readonly #returned: ReturnedFrames
  readonly isFull = false
  readonly keepsFrames = false
  readonly figures = { sent: 0, received: 0, refused: 0, malformed: 0, forbidden: 0 }

  constructor (private readonly parts: RemotePostParts) {
    this.#returned = new ReturnedFrames(parts.post)
  }

  /** A message of this node for an agent of another. */
  receive (frame: Uint8Array, view: DataView): void {
    const agent = this.parts.agents.ofHandle(view.getUint32(FRAME.receiver, true))
    if (agent === undefined) {
      this.#returned.add(frame.slice())
      return
    }
    const { nodeId } = agent
    agent.lastUsed = this.parts.clock.elapsed()
    const number = numberOf(view)
    const left = this.parts.hops?.leaving(view, nodeId)
    const message = this.#outgoing(frame, view, agent)
    const isTaken = this.#send(nodeId, message, lost => this.#unsent(nodeId, this.#asItCame(lost)))
    left?.(isTaken ? undefined : 'NODE_UNREACHABLE')
    if (!isTaken) this.#unsent(nodeId, frame.slice())
    else if (number !== 0) this.#underWay.add(nodeId, number)
  }

  /** A frame came from another node. */
  arrive (nodeId: string, bytes: Uint8Array): void {
    if (bytes[0] === ENVELOPE.settled) {
      const settled = decodeSettled(bytes)
      if (settled !== undefined && this.#underWay.take(nodeId, settled.number)) {
        this.parts.outcomes.settle(settled.number, settled.outcome)
      }
      return
    }
    const message = this.#reader.read(bytes)
    if (message === undefined) {
      this.figures.malformed += 1
      this.parts.log.warn('a node sent a message that is none', { node: nodeId })
      return
    }
    this.figures.received += 1
    this.#takeIn(nodeId, message)
  }

  /** The way to a node is broken: whatever was under way there may be lost. */
  unreachable (nodeId: string): void {
    for (const number of this.#underWay.takeAll(nodeId)) this.parts.outcomes.settle(number, NODE_UNREACHABLE)
  }

  #takeIn (nodeId: string, message: RemoteMessage): void {
    const { agents, directory, arrivals } = this.parts
    const { frame } = message
    const view = viewOf(frame)
    this.parts.hops?.arrived(view, nodeId)
    const claim = view.getUint32(FRAME.claimEpoch, true)
    const sender = this.#sender(nodeId, message, claim)
    const remote = sender === undefined ? undefined : agents.ofHandle(sender.handle)
    const isOld = remote !== undefined && claim < remote.claim && !isPlatform(view, 0)
    if (sender === undefined || isOld) {
      this.#refuse(nodeId, message, 'AGENT_MOVED')
      return
    }
    const receiver = this.#receiver(message.receiver)
    if (receiver === undefined) {
      this.#refuse(nodeId, message, agents.ofName(message.receiver) === undefined ? 'AGENT_NOT_FOUND' : 'AGENT_MOVED')
      return
    }
    if (this.#isForbidden(view, sender, receiver)) {
      this.figures.forbidden += 1
      this.#refuse(nodeId, message, 'MESSAGE_FORBIDDEN')
      return
    }
    writeAddress(view, FRAME.sender, sender)
    writeAddress(view, FRAME.receiver, receiver)
    const home = view.getUint8(HOME_BYTE) & ~ELSEWHERE
    view.setUint8(HOME_BYTE, message.home === HOME.sender && remote !== undefined ? home | ELSEWHERE : home)
    if (view.getUint8(FRAME.delivery) === 0) {
      this.#deliver(frame, view, receiver)
      return
    }
    const number = view.getUint32(FRAME.sequence, true)
    const [to, from] = [receiver, sender].map(({ handle }) => directory.name(handle) ?? '')
    arrivals.arrive(frame.slice(), to ?? '', from ?? '', outcome => this.#settled(nodeId, number, outcome))
  }

  #isForbidden (view: DataView, sender: Address, receiver: Address): boolean {
    return !isPlatform(view, 0) && this.parts.policy()?.forbids(sender.handle, receiver.handle, view.getUint8(FRAME.act)) === true
  }

  /** Undefined while nothing is known of whoever wrote. */
  #sender (nodeId: string, { sender, isRelayed }: RemoteMessage, claim: number): Address | undefined {
    const { agents, directory, self } = this.parts
    if (sender === '') return PLATFORM
    if (!isRelayed) return agents.sender(sender, nodeId, claim)?.address
    const at = sender.lastIndexOf('@')
    if (at < 0) return directory.address(sender)
    const [name, node] = [sender.slice(0, at), sender.slice(at + 1)]
    return node === self ? this.#receiver(name) : agents.sender(name, node, claim)?.address
  }

  #deliver (frame: Uint8Array, view: DataView, { handle }: Address): void {
    const { post } = this.parts
    if (handle < FIRST_AGENT_HANDLE) {
      post.arrive(frame, view, 0, frame.length)
      return
    }
    const reason = post.forward(frame)
    if (reason !== undefined) post.bounce(frame, view, 0, frame.length, reason)
  }

  /** An agent, the callers, or a service of this node. */
  #receiver (name: string): Address | undefined {
    const { directory, agents } = this.parts
    const address = name === directory.callerName ? directory.caller : directory.receiver(name)
    return address === undefined || agents.ofHandle(address.handle) !== undefined ? undefined : address
  }

  #settled (nodeId: string, number: number, outcome: number): void {
    // If it gets lost the message comes again, is known, and is settled again.
    this.#send(nodeId, encodeSettled({ number, outcome }), () => {})
  }

  /** Says to the other node that a message could not be taken in. */
  #refuse (nodeId: string, message: RemoteMessage, reason: Undeliverable): void {
    this.figures.refused += 1
    const { frame, home } = message
    const view = viewOf(frame)
    if (view.getUint8(FRAME.delivery) !== 0) {
      this.#settled(nodeId, view.getUint32(FRAME.sequence, true), UNDELIVERABLE.indexOf(reason))
      return
    }
    if (isPlatform(view, 0) || message.sender === '' || message.isRelayed) return
    const answer = answerTo(frame, { act: 'failure', code: reason })
    const opposite = home === HOME.none ? home : home === HOME.sender ? HOME.receiver : HOME.sender
    const back = { sender: message.receiver, receiver: message.sender, home: opposite, isRelayed: false, frame: answer }
    this.#send(nodeId, this.#writer.write(back), () => {})
  }

  #outgoing (frame: Uint8Array, view: DataView, agent: RemoteAgent): Uint8Array {
    const { agents, directory, claimOf } = this.parts
    const handle = view.getUint32(FRAME.sender, true)
    const sender = directory.name(handle) ?? ''
    // It was taken for an agent that then moved.
    const from = agents.ofHandle(handle)
    const homeByte = view.getUint8(HOME_BYTE)
    const isElsewhere = (homeByte & ELSEWHERE) !== 0
    const home = !hasConversation(view, 0) ? HOME.none : isElsewhere === (from === undefined) ? HOME.receiver : HOME.sender
    view.setUint32(FRAME.claimEpoch, from?.claim ?? claimOf(sender), true)
    view.setUint8(HOME_BYTE, homeByte & ~ELSEWHERE)
    const message = this.#writer.write({ sender, receiver: agent.name, home, isRelayed: from !== undefined, frame })
    // The frame may come back as a failure.
    view.setUint8(HOME_BYTE, homeByte)
    return message
  }

  /** The frame of a message that was written, as it was before. */
  #asItCame (bytes: Uint8Array): Uint8Array {
    const message = this.#reader.read(bytes)
    if (message === undefined) throw new TypeError('a message that was written here can not be read')
    const { frame, home, isRelayed } = message
    if (home !== HOME.none && (home === HOME.receiver) !== isRelayed) frame[HOME_BYTE] = (frame[HOME_BYTE] ?? 0) | ELSEWHERE
    return frame
  }

  #send (nodeId: string, bytes: Uint8Array, lost: (bytes: Uint8Array) => void): boolean {
    const isTaken = this.parts.send(nodeId, bytes, lost)
    if (isTaken) this.figures.sent += 1
    return isTaken
  }

  #unsent (nodeId: string, frame: Uint8Array): void {
    const number = numberOf(viewOf(frame))
    if (number === 0) {
      this.#returned.add(frame)
      return
    }
    this.#underWay.take(nodeId, number)
    // Whoever keeps it is just handing it over.
    queueMicrotask(() => this.parts.outcomes.settle(number, NODE_UNREACHABLE))
  }
}

/** Under which number a durable message is on its way; 0 for the others. */
const numberOf = (view: DataView): number => view.getUint8(FRAME.delivery) === 0 ? 0 : view.getUint32(FRAME.sequence, true)
