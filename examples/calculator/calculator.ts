import { Act, Agent, JsonObject, log, Message, Result, resultText, start, ToolAnswer, ToolCall } from 'caxton-server/sdk'

/**
 * Adds two numbers, `{"a":2,"b":3}`, by a tool, and answers what the tool says. Configuration: the name of the tool, `everything.get-sum`
 * when there is none. Whoever asks waits in `waiting` until the tool has answered.
 */
class Calculator extends Agent {
  private tool: string = 'everything.get-sum'
  private waiting: Map<string, Message> = new Map<string, Message>()

  onStart (configuration: string): void {
    if (configuration.length > 0) this.tool = configuration
  }

  onMessage (message: Message): void {
    const answer = ToolAnswer.of(message)
    if (answer) this.tell(answer)
    else if (message.act == Act.Request) this.ask(message)
    else message.notUnderstood('ask me for a sum: {"a":2,"b":3}')
  }

  private ask (message: Message): void {
    const asked = message.json
    if (!asked || !asked.has('a') || !asked.has('b')) {
      message.notUnderstood('ask me for a sum: {"a":2,"b":3}')
      return
    }
    const result = new ToolCall(this.tool)
      .argument('a', asked.getNumber('a')).argument('b', asked.getNumber('b'))
      .label(message.id).replyBy(10_000).call()
    if (result == Result.Ok) this.waiting.set(message.id, message.keep())
    else message.refuse('the tool can\'t be called: ' + resultText(result))
  }

  private tell (answer: ToolAnswer): void {
    if (!this.waiting.has(answer.label)) return
    const message = this.waiting.get(answer.label)
    this.waiting.delete(answer.label)
    if (answer.ok) {
      message.inform(new JsonObject().set('said', answer.text).toString())
      return
    }
    log.warn(answer.tool + ': ' + answer.code + ', ' + answer.reason)
    message.failure(answer.reason)
  }
}

start(new Calculator())
