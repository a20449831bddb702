import { addBytes, addField, addText, beginFrame, copyField, endFields, sendFrame } from './buffers'
import { Act } from './act'
import { Choice, choiceName } from './choice'
import { Draft } from './draft'
import { At, fieldText, findField, FLAG_EXPIRES, FLAG_PLATFORM, FLAG_RECEIPT, FLAG_REDELIVERED, FLAG_SHADOW, HEADER_BYTES, Tag } from './frame'
import { hexDigits } from './hex'
import { JsonObject } from './json'
import { Result } from './result'
import { Address, quote } from './services'

/** A name does not begin with a parenthesis; a set of agents does. */
const OPENING: u8 = 40

/**
 * A message that came in. It reads straight from the received bytes and is over when `onMessage` returns; to answer
 * later, from a timer for instance, take a copy with `keep()`.
 */
export class Message {
  private frame: usize = 0
  private bytes: ArrayBuffer | null = null

  /** Begins a message to an agent, given by address or by name: `Message.to(Act.Propagate, 'mirror')`. */
  static to<T> (act: Act, receiver: T): Draft {
    if (isString<T>()) return new Draft(act, 0, changetype<string>(receiver))
    return new Draft(act, <u64>receiver, '')
  }

  static request<T> (receiver: T): Draft { return Message.to<T>(Act.Request, receiver) }
  static inform<T> (receiver: T): Draft { return Message.to<T>(Act.Inform, receiver) }
  static queryRef<T> (receiver: T): Draft { return Message.to<T>(Act.QueryRef, receiver) }
  static cfp<T> (receiver: T): Draft { return Message.to<T>(Act.Cfp, receiver) }
  static propose<T> (receiver: T): Draft { return Message.to<T>(Act.Propose, receiver) }
  static subscribe<T> (receiver: T): Draft { return Message.to<T>(Act.Subscribe, receiver) }
  static cancel<T> (receiver: T): Draft { return Message.to<T>(Act.Cancel, receiver) }

  /**
   * Begins a message to an agent that offers a capability, whoever that is: `sell`, or in a version `sell@2` or `sell@^1.2`.
   * `choice`: which one of several, or all of them.
   */
  static toCapability (act: Act, capability: string, choice: Choice = Choice.One): Draft {
    return new Draft(act, 0, '').toCapability(choiceName(choice) + ':' + capability)
  }

  /** Begins a message to everybody who subscribes to a topic. */
  static publish (topic: string, act: Act = Act.Inform): Draft {
    return new Draft(act, 0, '').toTopic(topic)
  }

  get act (): Act { return <Act>load<u8>(this.at, At.act) }
  /** Who sent it; stamped by the server, can't be forged. */
  get sender (): Address { return load<u64>(this.at, At.sender) }
  /** The conversation it belongs to; 0 is none. */
  get conversation (): u64 { return load<u64>(this.at, At.conversation) }
  /** `reply-by` in milliseconds since the Unix epoch; 0 is none. */
  get deadline (): i64 { return load<i64>(this.at, At.deadline) }
  get delivery (): i32 { return <i32>load<u8>(this.at, At.delivery) }
  get priority (): i32 { return <i32>load<u8>(this.at, At.priority) }
  /** Whether the server itself speaks, for example to say that a message could not be delivered. */
  get fromPlatform (): bool { return (load<u8>(this.at, At.flags) & FLAG_PLATFORM) != 0 }
  /** Whether this is a receipt, which this agent had asked for: see `isAccepted` and `isHandled`. */
  get isReceipt (): bool { return this.fromPlatform && (load<u8>(this.at, At.flags) & FLAG_RECEIPT) != 0 }
  /** Whether this says that a message is on disk, and so not lost; that it was handled is said later. */
  get isAccepted (): bool { return this.isReceipt && this.act == Act.Agree }
  /** Whether this says that a message was handled without fault. */
  get isHandled (): bool { return this.isReceipt && this.act == Act.Inform }
  /** Whether this is a copy for a version that only watches: whatever it sends goes nowhere. */
  get isShadow (): bool { return (load<u8>(this.at, At.flags) & FLAG_SHADOW) != 0 }
  /** Until when it is good for something, in milliseconds since the Unix epoch; 0 for ever. */
  get expires (): i64 {
    const at = load<u8>(this.at, At.flags) & FLAG_EXPIRES ? findField(this.at, Tag.expires) : 0
    return at ? load<i64>(at, 4) : 0
  }

  /** Whether it may have been handled before. */
  get redelivered (): bool { return (load<u8>(this.at, At.flags) & FLAG_REDELIVERED) != 0 }
  /** Unique across nodes and restarts. */
  get id (): string {
    return hexDigits(this.at + At.messageEpoch, 8, true) + '-' + hexDigits(this.at + At.messageCounter, 8, true)
  }

  /** W3C trace id, 32 hexadecimal digits. */
  get traceId (): string { return hexDigits(this.at + At.traceId, 16, false) }
  get spanId (): string { return hexDigits(this.at + At.spanId, 8, false) }
  get sampled (): bool { return (load<u8>(this.at, At.traceFlags) & 1) != 0 }

  get protocol (): string { return this.field(Tag.protocol) }
  get language (): string { return this.field(Tag.language) }
  get encoding (): string { return this.field(Tag.encoding) }
  get ontology (): string { return this.field(Tag.ontology) }
  get conversationId (): string { return this.field(Tag.conversationId) }
  get replyWith (): string { return this.field(Tag.replyWith) }
  get inReplyTo (): string { return this.field(Tag.inReplyTo) }
  /**
   * Name of the agent that answers should go to, if that is not the sender. Replies obey it. When it is a set of agents,
   * `(set (agent-identifier :name a) ...)`, replies go to the sender.
   */
  get replyTo (): string { return this.field(Tag.replyTo) }

  /** All to whom the message went, `(set (agent-identifier :name a) ...)`; empty when it went to this agent alone. */
  get receivers (): string { return this.field(Tag.receivers) }
  /** The topic under which it was published; empty when it was sent to this agent, or for what it offers. */
  get topic (): string { return this.field(Tag.toTopic) }
  /** What it was sent for, `one:sell`; empty when it was not sent to a capability. */
  get capability (): string { return this.field(Tag.toCapability) }

  /** Media type of the content. */
  get mediaType (): string {
    const given = this.field(Tag.mediaType)
    return given.length > 0 ? given : 'application/json'
  }

  /** A parameter of the sender's own (`X-…`), or an empty text. */
  user (name: string): string {
    const wanted = name.startsWith('X-') ? name : 'X-' + name
    let at = this.at + HEADER_BYTES
    const end = at + load<u32>(this.at, At.fieldBytes)
    for (; at < end; at += 4 + load<u16>(at, 2)) {
      if (<i32>load<u16>(at) != Tag.user) continue
      const text = fieldText(at)
      const zero = text.indexOf('\0')
      if (zero == wanted.length && text.startsWith(wanted)) return text.substring(zero + 1)
    }
    return ''
  }

  get contentLength (): i32 {
    return <i32>(load<u32>(this.at) - HEADER_BYTES - load<u32>(this.at, At.fieldBytes))
  }

  /** The content as text. */
  get content (): string { return String.UTF8.decodeUnsafe(this.contentAt, this.contentLength) }

  /** A copy of the content. */
  get contentBytes (): Uint8Array {
    const copy = new Uint8Array(this.contentLength)
    memory.copy(copy.dataStart, this.contentAt, this.contentLength)
    return copy
  }

  /** The content as a JSON object, or null when it is none. */
  get json (): JsonObject | null { return JsonObject.parse(this.content) }

  /**
   * Answers the sender, or whom `reply-to` names, in the same conversation: protocol, ontology, conversation, delivery
   * and priority are kept, and `reply-with` comes back as `in-reply-to`. The content is JSON; for another media type
   * use `draft`.
   */
  reply (act: Act, content: string = ''): Result {
    this.beginReply(act, false)
    addText(content)
    return sendFrame()
  }

  replyBytes (act: Act, content: Uint8Array, mediaType: string = 'application/octet-stream'): Result {
    this.beginReply(act, false, mediaType)
    addBytes(content.dataStart, content.length)
    return sendFrame()
  }

  /** Answers with the very content that came, without decoding it: language, encoding and media type stay too. */
  sendBack (act: Act): Result {
    this.beginReply(act, true)
    addBytes(this.contentAt, this.contentLength)
    return sendFrame()
  }

  agree (content: string = ''): Result { return this.reply(Act.Agree, content) }
  inform (content: string = ''): Result { return this.reply(Act.Inform, content) }
  /** The content becomes `{"reason":"…"}`. */
  refuse (reason: string): Result { return this.reply(Act.Refuse, reasonJson(reason)) }
  failure (reason: string): Result { return this.reply(Act.Failure, reasonJson(reason)) }

  /** As `refuse`. Says nothing to a failure or another not-understood, or two agents would go on for ever. */
  notUnderstood (reason: string): Result {
    if (this.act == Act.NotUnderstood || this.act == Act.Failure) return Result.Ok
    return this.reply(Act.NotUnderstood, reasonJson(reason))
  }

  /** A reply to be completed first: `message.draft(Act.Propose).content(offer).replyBy(5000).send()`. */
  draft (act: Act): Draft {
    const replyTo = this.replyTo
    const to = replyTo.startsWith('(') ? '' : replyTo
    const draft = new Draft(act, to.length > 0 ? 0 : this.sender, to)
    return draft
      .inConversation(this.conversation).conversationId(this.conversationId).inReplyTo(this.replyWith)
      .protocol(this.protocol).ontology(this.ontology).delivery(this.delivery).priority(this.priority)
  }

  /** A copy that stays valid after `onMessage`. */
  keep (): Message {
    const length = <i32>load<u32>(this.at)
    const bytes = new ArrayBuffer(length)
    memory.copy(changetype<usize>(bytes), this.at, length)
    const kept = new Message()
    kept.bytes = bytes
    kept.frame = changetype<usize>(bytes)
    return kept
  }

  /** For the SDK: reads from another frame; 0 ends the message. */
  open (frame: usize): void {
    this.frame = frame
  }

  @inline
  private get at (): usize {
    if (!this.frame) messageIsOver()
    return this.frame
  }

  private get contentAt (): usize {
    return this.at + HEADER_BYTES + load<u32>(this.at, At.fieldBytes)
  }

  private field (tag: i32): string {
    const at = findField(this.at, tag)
    return at ? fieldText(at) : ''
  }

  private beginReply (act: Act, sameForm: bool, mediaType: string = ''): void {
    const frame = this.at
    let field = frame + HEADER_BYTES
    const end = field + load<u32>(frame, At.fieldBytes)
    const named = field < end ? findField(frame, Tag.replyTo) : 0
    const elsewhere = named != 0 && load<u8>(named, 4) != OPENING
    const receiver = elsewhere ? 0 : load<u64>(frame, At.sender)
    beginFrame(act, load<u16>(frame, At.delivery), receiver, load<u64>(frame, At.conversation), 0)
    for (; field < end; field += 4 + load<u16>(field, 2)) {
      const tag = replyTag(<i32>load<u16>(field), sameForm)
      if (tag && (tag != Tag.to || elsewhere)) copyField(tag, field)
    }
    addField(Tag.mediaType, mediaType)
    endFields()
  }
}

function messageIsOver (): void {
  throw new Error('this message is over: take a copy with keep() before onMessage returns')
}

/** The tag under which a field of a message comes back in its reply; 0 when it does not. */
function replyTag (tag: i32, sameForm: bool): i32 {
  switch (tag) {
    case Tag.protocol:
    case Tag.ontology:
    case Tag.conversationId: return tag
    case Tag.replyWith: return Tag.inReplyTo
    case Tag.replyTo: return Tag.to
    case Tag.language:
    case Tag.encoding:
    case Tag.mediaType: return sameForm ? tag : 0
    default: return 0
  }
}

function reasonJson (reason: string): string {
  return '{"reason":' + quote(reason) + '}'
}
