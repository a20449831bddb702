import { answersWhen, injectable, interactionProtocol, silence, type Protocol } from '../../kernel/contract/index.js'

/** FIPA Request Interaction Protocol, SC00026H §1. `inform` is both inform-done and inform-result. */
export const REQUEST_PROTOCOL: Protocol = interactionProtocol({
  name: 'fipa-request',
  specification: 'FIPA SC00026H',
  steps: [{ state: 'start', role: 'initiator', acts: ['request'], to: 'requested' }, ...answersWhen('requested')],
  deadlines: [silence('requested'), silence('agreed')],
})

/** The plugin's living part: there is nothing to start. */
@injectable()
export class RequestProtocol {
  readonly table: Protocol = REQUEST_PROTOCOL
}
