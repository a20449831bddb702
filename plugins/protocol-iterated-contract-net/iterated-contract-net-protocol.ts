import {
  biddingDeadlines, callForProposals, injectable, interactionProtocol, lateBids, type Protocol,
} from '../../kernel/contract/index.js'

/**
 * FIPA Iterated Contract Net Interaction Protocol, SC00030H §1: as Contract Net, but whoever has made a proposal may be
 * called again, which rejects that proposal and asks for a better one.
 */
export const ITERATED_CONTRACT_NET_PROTOCOL: Protocol = interactionProtocol({
  name: 'fipa-iterated-contract-net',
  specification: 'FIPA SC00030H',
  steps: [...callForProposals, { state: 'proposed', role: 'initiator', acts: ['cfp'], to: 'called' }],
  deadlines: biddingDeadlines,
  lateAnswers: lateBids,
})

/** The plugin's living part: there is nothing to start. */
@injectable()
export class IteratedContractNetProtocol {
  readonly table: Protocol = ITERATED_CONTRACT_NET_PROTOCOL
}
