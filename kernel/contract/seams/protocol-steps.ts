import type { Act } from '../acts.js'
import type { Deadline, Protocol, Role, Step } from './protocol.js'

/** What is a protocol's own; {@link interactionProtocol} adds what all protocols have. */
export interface ProtocolDraft extends Omit<Protocol, 'initial' | 'final'> {
  /** None for a state: whoever waits there waits until the conversation is silent for too long. */
  readonly deadlines: readonly Deadline[]
}

/** The state in which every protocol begins. */
export const START = 'start'
const CANCELLING = 'cancelling'
const ROLES: readonly Role[] = ['initiator', 'participant']

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]

/**
 * Completes a protocol, which begins in the state `start`, by what the FIPA specifications say in common of all. In every
 * state that is open, which is one with a step of its own other than `start`:
 *
 * - either side may say `not-understood`, which ends the branch (`not-understood`);
 * - the initiator may `cancel` (`cancelling`). The participant then confirms by `inform` (`cancelled`), or by `failure`
 *   says that it could not (`failed`). What it had said before the cancel reached it may still arrive: such an act ends
 *   the branch where it would have ended it without the cancel, and otherwise changes nothing;
 * - the platform's failure ends the branch (`failed`).
 *
 * The final states are those that lead nowhere.
 */
export function interactionProtocol ({ name, specification, steps: own, deadlines, lateAnswers = [] }: ProtocolDraft): Protocol {
  const active = unique(own.map(({ state }) => state)).filter(state => state !== START)
  const open = [...active, CANCELLING]
  const cancels = active.map((state): Step => ({ state, role: 'initiator', acts: ['cancel'], to: CANCELLING }))
  const everywhere = open.flatMap((state): Step[] => [
    ...ROLES.map((role): Step => ({ state, role, acts: ['not-understood'], to: 'not-understood' })),
    { state, role: 'platform', acts: ['failure'], to: 'failed' },
  ])
  const steps = [...own, ...cancels, ...whileCancelling(own, open), ...everywhere]
  const allDeadlines = [...deadlines, silence(CANCELLING)]
  const led = unique([...steps, ...allDeadlines].map(({ to }) => to))
  return {
    name, specification, steps, lateAnswers,
    initial: START, final: led.filter(state => !open.includes(state)), deadlines: allDeadlines,
  }
}

/** The usual deadline: the initiator hears a failure, and the branch is over (`timed-out`). */
export const silence = (state: string): Deadline => ({ state, to: 'timed-out', tells: 'failure' })

/** What a participant may say when it was asked for one thing, as in Request and Query. Agreeing first is optional. */
export function answersWhen (asked: string): Step[] {
  return [
    { state: asked, role: 'participant', acts: ['agree'], to: 'agreed' },
    { state: asked, role: 'participant', acts: ['refuse'], to: 'refused' },
    ...[asked, 'agreed'].flatMap(outcome),
  ]
}

/** The participant says what became of it. */
export const outcome = (state: string): Step[] => [
  { state, role: 'participant', acts: ['inform'], to: 'done' },
  { state, role: 'participant', acts: ['failure'], to: 'failed' },
]

function whileCancelling (own: readonly Step[], open: readonly string[]): Step[] {
  const confirmed: Step[] = [
    { state: CANCELLING, role: 'participant', acts: ['inform'], to: 'cancelled' },
    { state: CANCELLING, role: 'participant', acts: ['failure'], to: 'failed' },
  ]
  const crossing = new Map<Act, string>()
  for (const { role, acts, to } of own) {
    if (role !== 'participant') continue
    for (const act of acts) if (act !== 'inform' && act !== 'failure') crossing.set(act, open.includes(to) ? CANCELLING : to)
  }
  return [...[...crossing].map(([act, to]): Step => ({ state: CANCELLING, role: 'participant', acts: [act], to })), ...confirmed]
}
