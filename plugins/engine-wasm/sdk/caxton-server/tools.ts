import { Act } from './act'
import { Delivery, Draft } from './draft'
import { JsonObject } from './json'
import { Message } from './message'
import { Result } from './result'

const ONTOLOGY: string = 'caxton-tool'

/**
 * A call of a tool, `SERVER.TOOL`: `new ToolCall('everything.get-sum').argument('a', 2).argument('b', 3).label('sum').call()`. The answer is
 * a message that comes later: see `ToolAnswer`.
 */
export class ToolCall {
  private given: JsonObject = new JsonObject()
  private mark: string = ''
  private until: i64 = 0
  private repeatKey: string = ''
  private mode: Delivery = Delivery.AtMostOnce

  constructor (private tool: string) {}

  /** One argument: a text, a number, a boolean, an object, or a list of these. */
  argument<T> (name: string, value: T): ToolCall {
    this.given.set<T>(name, value)
    return this
  }

  /** All arguments at once. */
  arguments (object: JsonObject): ToolCall {
    this.given = object
    return this
  }

  /** Comes back with the answer, and names the call when it is withdrawn. */
  label (text: string): ToolCall {
    this.mark = text
    return this
  }

  /** The answer is wanted within so many milliseconds; then it is a failure. */
  replyBy (milliseconds: i64): ToolCall {
    this.until = milliseconds
    return this
  }

  /**
   * Calls with the same key are the same call, made again: tools that heed keys carry it out once. Without one each call is another, but
   * for those made while a durable message is handled, which are the same when that comes again.
   */
  key (key: string): ToolCall {
    this.repeatKey = key
    return this
  }

  /** The call is kept until it is answered, so that it outlives the server. Those of one agent are made one after the other. */
  keep (): ToolCall {
    this.mode = Delivery.AtLeastOnce
    return this
  }

  /** `Ok`: on its way. `Unavailable`: this server has no tools; `Denied`: this agent may not call it. */
  call (): Result {
    const draft = new Draft(Act.Request, 0, this.tool).json(this.given).replyWith(this.mark)
    if (this.until > 0) draft.replyBy(this.until)
    return draft.deliveryKey(this.repeatKey).delivery(this.mode).call()
  }
}

/** Withdraws the calls with a label that have no answer yet: each is answered by a failure. */
export function cancelCall (label: string): Result {
  return new Draft(Act.Cancel, 0, '').inReplyTo(label).call()
}

/** What came of a call of a tool. */
export class ToolAnswer {
  /** Null when the message is no answer of a tool. No agent can forge one. */
  static of (message: Message): ToolAnswer | null {
    if (!message.fromPlatform || message.ontology != ONTOLOGY) return null
    const told = message.json
    return new ToolAnswer(message.user('X-Tool'), message.inReplyTo, message.act == Act.Inform, told ? told : new JsonObject())
  }

  private constructor (
    /** The tool that was called. */
    readonly tool: string,
    /** The label of the call. */
    readonly label: string,
    /** Whether it has a result; else `code` and `reason` say why not. */
    readonly ok: bool,
    private told: JsonObject,
  ) {}

  /** The result as text; of a tool that failed by itself, what it says about that. */
  get text (): string { return this.said.getString('text') }
  /** The result as a JSON object, or null when the tool gives none. */
  get structured (): JsonObject | null { return this.said.getObject('structured') }
  /** Parts of the result that are no text, as JSON: images, links. */
  get parts (): string[] { return this.said.getList('parts') }
  /** `TOOL_FAILED`, `TOOL_TIMEOUT` and so on: docs/tools.md. Empty when it is ok. */
  get code (): string { return this.ok ? '' : this.told.getString('code') }
  /** Why there is no result, in words. */
  get reason (): string { return this.ok ? '' : this.told.getString('reason') }

  private get said (): JsonObject {
    if (this.ok) return this.told
    const details = this.told.getObject('details')
    return details ? details : new JsonObject()
  }
}
