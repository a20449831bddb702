import { Act, Agent, Message, start } from 'caxton-server/sdk'

/** Makes a proposal for every call, and does at once what it is awarded. */
class Bidder extends Agent {
  onMessage (message: Message): void {
    if (message.act == Act.Cfp) message.sendBack(Act.Propose)
    else if (message.act == Act.AcceptProposal) message.sendBack(Act.Inform)
  }
}

start(new Bidder())
