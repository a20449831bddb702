import { injectable, interactionProtocol, silence, type Protocol } from '../../kernel/contract/index.js'

/** FIPA Propose Interaction Protocol, SC00036H §1. What the initiator then does is no part of the conversation. */
export const PROPOSE_PROTOCOL: Protocol = interactionProtocol({
  name: 'fipa-propose',
  specification: 'FIPA SC00036H',
  steps: [
    { state: 'start', role: 'initiator', acts: ['propose'], to: 'proposed' },
    { state: 'proposed', role: 'participant', acts: ['accept-proposal'], to: 'accepted' },
    { state: 'proposed', role: 'participant', acts: ['reject-proposal'], to: 'rejected' },
  ],
  deadlines: [silence('proposed')],
})

/** The plugin's living part: there is nothing to start. */
@injectable()
export class ProposeProtocol {
  readonly table: Protocol = PROPOSE_PROTOCOL
}
