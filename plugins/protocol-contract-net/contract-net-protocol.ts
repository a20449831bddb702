import {
  biddingDeadlines, callForProposals, injectable, interactionProtocol, lateBids, type Protocol,
} from '../../kernel/contract/index.js'

/** FIPA Contract Net Interaction Protocol, SC00029H §1. */
export const CONTRACT_NET_PROTOCOL: Protocol = interactionProtocol({
  name: 'fipa-contract-net',
  specification: 'FIPA SC00029H',
  steps: callForProposals,
  deadlines: biddingDeadlines,
  lateAnswers: lateBids,
})

/** The plugin's living part: there is nothing to start. */
@injectable()
export class ContractNetProtocol {
  readonly table: Protocol = CONTRACT_NET_PROTOCOL
}
