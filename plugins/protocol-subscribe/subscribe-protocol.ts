import { injectable, interactionProtocol, silence, type Protocol } from '../../kernel/contract/index.js'

/**
 * FIPA Subscribe Interaction Protocol, SC00035H §1. Agreeing is optional: the first `inform` says as much. A subscription
 * ends when the initiator cancels it, or when the participant fails.
 */
export const SUBSCRIBE_PROTOCOL: Protocol = interactionProtocol({
  name: 'fipa-subscribe',
  specification: 'FIPA SC00035H',
  steps: [
    { state: 'start', role: 'initiator', acts: ['subscribe'], to: 'asked' },
    { state: 'asked', role: 'participant', acts: ['refuse'], to: 'refused' },
    { state: 'asked', role: 'participant', acts: ['agree', 'inform'], to: 'subscribed' },
    { state: 'asked', role: 'participant', acts: ['failure'], to: 'failed' },
    { state: 'subscribed', role: 'participant', acts: ['inform'], to: 'subscribed' },
    { state: 'subscribed', role: 'participant', acts: ['failure'], to: 'failed' },
  ],
  // Whoever has subscribed hears something when there is something to hear.
  deadlines: [silence('asked')],
})

/** The plugin's living part: there is nothing to start. */
@injectable()
export class SubscribeProtocol {
  readonly table: Protocol = SUBSCRIBE_PROTOCOL
}
