import { injectable, type Act, type Deadline, type Protocol, type Step } from '../../kernel/contract/index.js'

/**
 * FIPA Request Interaction Protocol, SC00026H §1. Agreeing is optional: who answers at once may leave it out. The
 * cancel meta-protocol is that of §1.2; what the participant had sent before the cancel reached it may still arrive,
 * so an agreement changes nothing then, and a refusal or an answer ends the conversation.
 */
const begin: Step = { state: 'start', role: 'initiator', acts: ['request'], to: 'requested' }

/** What ends the conversation in the words of the participant. */
const answers: ReadonlyArray<readonly [Act, string]> = [['inform', 'done'], ['failure', 'failed']]

const requested: readonly Step[] = [
  { state: 'requested', role: 'participant', acts: ['agree'], to: 'agreed' },
  { state: 'requested', role: 'participant', acts: ['refuse'], to: 'refused' },
]

const cancelling: readonly Step[] = [
  { state: 'cancelling', role: 'participant', acts: ['agree'], to: 'cancelling' },
  { state: 'cancelling', role: 'participant', acts: ['refuse'], to: 'refused' },
  { state: 'cancelling', role: 'participant', acts: ['inform'], to: 'cancelled' },
  { state: 'cancelling', role: 'participant', acts: ['failure'], to: 'failed' },
]

/** The states in which the conversation is open and somebody may still speak. */
const OPEN = ['requested', 'agreed', 'cancelling'] as const

const steps: readonly Step[] = [
  begin,
  ...requested,
  ...['requested', 'agreed'].flatMap((state): Step[] => [
    ...answers.map(([act, to]): Step => ({ state, role: 'participant', acts: [act], to })),
    { state, role: 'initiator', acts: ['cancel'], to: 'cancelling' },
  ]),
  ...cancelling,
  ...OPEN.flatMap(state => (['initiator', 'participant'] as const).map((role): Step =>
    ({ state, role, acts: ['not-understood'], to: 'not-understood' }))),
]

const deadlines: readonly Deadline[] = OPEN.map(state => ({ state, to: 'timed-out', tells: 'failure' }))

export const REQUEST_PROTOCOL: Protocol = {
  name: 'fipa-request',
  specification: 'FIPA SC00026H',
  initial: 'start',
  final: ['refused', 'done', 'failed', 'cancelled', 'not-understood', 'timed-out'],
  steps,
  deadlines,
}

/** The plugin's living part: there is nothing to start. */
@injectable()
export class RequestProtocol {
  readonly table: Protocol = REQUEST_PROTOCOL
}
