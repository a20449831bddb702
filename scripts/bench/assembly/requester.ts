import { Address, Act, Agent, Draft, JsonObject, lookup, Message, now, setTimer, start } from 'caxton-server/sdk'

const NEXT_PHASE: i32 = 1

/**
 * Asks a partner, and as soon as it has answered asks again: each time a new conversation, a few at once. With a partner in its
 * configuration it asks, without one it answers. Where `phase` is given, it names the protocol in every other span of so many
 * milliseconds of wall-clock time, and sends the same bytes as another field in the spans between: messages that no protocol checks.
 */
class Requester extends Agent {
  private partner: string = ''
  private atOnce: i32 = 4
  private phase: i64 = 1000
  private checked: Draft | null = null
  private unchecked: Draft | null = null
  private isChecked: bool = true

  onStart (configuration: string): void {
    const settings = JsonObject.parse(configuration)
    if (!settings) return
    this.partner = settings.getString('to')
    this.atOnce = <i32>settings.getInteger('atOnce', this.atOnce)
    this.phase = settings.getInteger('phase', this.phase)
    setTimer(10)
  }

  onTimer (id: i32): void {
    if (id == NEXT_PHASE) {
      this.choosePhase()
      return
    }
    const to = lookup(this.partner)
    if (to == 0) {
      setTimer(10)
      return
    }
    this.checked = this.question(to).protocol('fipa-request')
    this.unchecked = this.question(to).ontology('fipa-request')
    this.choosePhase()
    for (let count = 0; count < this.atOnce; count++) this.ask()
  }

  onMessage (message: Message): void {
    if (message.act == Act.Request) message.sendBack(Act.Inform)
    else this.ask()
  }

  private question (to: Address): Draft {
    return Message.request(to).contentBytes(new Uint8Array(200))
  }

  private choosePhase (): void {
    const time = now()
    this.isChecked = time / this.phase % 2 == 0
    setTimer(<i32>(this.phase - time % this.phase), NEXT_PHASE)
  }

  private ask (): void {
    const draft = this.isChecked ? this.checked : this.unchecked
    if (draft) draft.inConversation(0).send()
  }
}

start(new Requester())
