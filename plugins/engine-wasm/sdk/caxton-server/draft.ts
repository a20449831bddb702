import { addBytes, addField, addNumber, addText, beginFrame, callFrame, endFields, sendFrame, sentFrame } from './buffers'
import { Act } from './act'
import { At, FLAG_EXPIRES, FLAG_RECEIPT, Tag } from './frame'
import { JsonObject } from './json'
import { Result } from './result'
import { Address, now } from './services'

export enum Delivery { AtMostOnce, AtLeastOnce, ExactlyOnce }
export enum Priority { Low, Normal, High, Critical }

/** A message on its way out: `Message.request('heater').content('{"do":"heat"}').replyBy(5000).send()`. */
export class Draft {
  private fields: StaticArray<string> = new StaticArray<string>(Tag.toTopic + 1).fill('')
  private users: Array<string> | null = null
  private key: string = ''
  private text: string = ''
  private bytes: Uint8Array | null = null
  private modes: u16 = <u16>Delivery.AtMostOnce | <u16>Priority.Normal << 8
  private until: i64 = 0
  private flags: u32 = 0
  private end: i64 = 0
  private handle: u64 = 0

  constructor (private act: Act, private receiver: Address, name: string) {
    this.set(Tag.to, name)
  }

  /** To agents that offer this instead of one agent: see `Message.toCapability`. */
  toCapability (capability: string): Draft { return this.set(Tag.toCapability, capability) }
  /** To all who subscribe to this instead of one agent: see `Message.publish`. */
  toTopic (topic: string): Draft { return this.set(Tag.toTopic, topic) }

  /** The content, JSON unless `mediaType` says otherwise. */
  content (text: string): Draft {
    this.text = text
    return this
  }

  json (object: JsonObject): Draft {
    return this.content(object.toString())
  }

  contentBytes (bytes: Uint8Array, mediaType: string = 'application/octet-stream'): Draft {
    this.bytes = bytes
    return this.mediaType(mediaType)
  }

  protocol (name: string): Draft { return this.set(Tag.protocol, name) }
  language (name: string): Draft { return this.set(Tag.language, name) }
  encoding (name: string): Draft { return this.set(Tag.encoding, name) }
  ontology (name: string): Draft { return this.set(Tag.ontology, name) }
  conversationId (id: string): Draft { return this.set(Tag.conversationId, id) }
  replyWith (label: string): Draft { return this.set(Tag.replyWith, label) }
  inReplyTo (label: string): Draft { return this.set(Tag.inReplyTo, label) }
  /** Name of the agent that should get the answers. */
  replyTo (name: string): Draft { return this.set(Tag.replyTo, name) }
  mediaType (type: string): Draft { return this.set(Tag.mediaType, type) }

  /** A parameter of your own; the name gets its `X-`. */
  user (name: string, value: string): Draft {
    let users = this.users
    if (!users) this.users = users = new Array<string>()
    users.push((name.startsWith('X-') ? name : 'X-' + name) + '\0' + value)
    return this
  }

  /** The answer is wanted within so many milliseconds from now. */
  replyBy (milliseconds: i64): Draft {
    return this.deadline(now() + milliseconds)
  }

  /** The answer is wanted by then, in milliseconds since the Unix epoch. */
  deadline (at: i64): Draft {
    this.until = at
    return this
  }

  delivery (mode: Delivery): Draft {
    this.modes = (this.modes & 0xff00) | <u16>mode
    return this
  }

  /**
   * A message that is sent again with the same key, to the same receiver, is delivered once. It is kept until it was handled: at-least-once
   * unless `delivery` says exactly-once.
   */
  deliveryKey (key: string): Draft {
    this.key = key
    return (this.modes & 0xff) == <u16>Delivery.AtMostOnce ? this.delivery(Delivery.AtLeastOnce) : this
  }

  priority (priority: Priority): Draft {
    this.modes = (this.modes & 0x00ff) | <u16>priority << 8
    return this
  }

  /** The message is good for something for so many milliseconds; not handed over by then, it comes back as a failure. */
  timeToLive (milliseconds: i64): Draft {
    return this.expires(now() + milliseconds)
  }

  /** The message is good for something until then, in milliseconds since the Unix epoch. */
  expires (at: i64): Draft {
    this.flags |= FLAG_EXPIRES
    this.end = at
    return this
  }

  /** A message with `isHandled` says when the receiver has handled this one, one with `isAccepted` when it is on disk, if it is durable. */
  receipt (): Draft {
    this.flags |= FLAG_RECEIPT
    return this
  }

  /** Goes on with a conversation; without it the message begins a new one. */
  inConversation (handle: u64): Draft {
    this.handle = handle
    return this
  }

  /** The conversation that this message belongs to; a new one has its handle once `send` has returned `Ok`. */
  get conversation (): u64 { return this.handle }

  send (): Result {
    this.encode()
    return this.sent(sendFrame())
  }

  /** Hands the message to the tools instead of an agent: see `ToolCall`. */
  call (): Result {
    this.encode()
    return this.sent(callFrame())
  }

  private set (tag: i32, text: string): Draft {
    this.fields[tag] = text
    return this
  }

  private encode (): void {
    beginFrame(this.act, this.modes, this.receiver, this.handle, this.until, this.flags)
    for (let tag = 1; tag <= Tag.toTopic; tag++) addField(tag, this.fields[tag])
    const users = this.users
    if (users) for (let i = 0; i < users.length; i++) addField(Tag.user, users[i])
    addField(Tag.deliveryKey, this.key)
    if (this.flags & FLAG_EXPIRES) addNumber(Tag.expires, this.end)
    endFields()
    const bytes = this.bytes
    if (bytes) addBytes(bytes.dataStart, bytes.length)
    else addText(this.text)
  }

  private sent (result: Result): Result {
    if (result == Result.Ok) this.handle = load<u64>(sentFrame(), At.conversation)
    return result
  }
}
