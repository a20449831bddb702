import { Act, Address, Agent, Draft, JsonObject, lookup, Message, setTimer, start } from 'caxton-server/sdk'

const PROTOCOL = 'fipa-contract-net'

/** Calls its bidders for proposals, awards the first, rejects the others, and calls again when the result is there. */
class Manager extends Agent {
  private prefix: string = ''
  private count: i32 = 0
  private bidders: Array<Address> = new Array<Address>()
  private call: Draft[] = []
  private proposals: i32 = 0

  onStart (configuration: string): void {
    const settings = JsonObject.parse(configuration)
    if (!settings) return
    this.prefix = settings.getString('bidders')
    this.count = <i32>settings.getInteger('count', 10)
    setTimer(10)
  }

  onTimer (id: i32): void {
    for (let index = this.call.length; index < this.count; index++) {
      const bidder = lookup(this.prefix + index.toString())
      if (bidder == 0) {
        setTimer(10)
        return
      }
      this.call.push(Message.cfp(bidder).protocol(PROTOCOL).contentBytes(new Uint8Array(200)))
    }
    this.callForProposals()
  }

  onMessage (message: Message): void {
    if (message.act == Act.Inform) {
      this.callForProposals()
    } else if (message.act == Act.Propose) {
      this.proposals++
      message.sendBack(this.proposals == 1 ? Act.AcceptProposal : Act.RejectProposal)
    }
  }

  private callForProposals (): void {
    this.proposals = 0
    let conversation: u64 = 0
    for (let index = 0; index < this.count; index++) {
      const draft = this.call[index].inConversation(conversation)
      draft.send()
      conversation = draft.conversation
    }
  }
}

start(new Manager())
