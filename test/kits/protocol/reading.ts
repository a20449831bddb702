import type { Act, Protocol, Speaker } from '../../../kernel/contract/index.js'

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]

/** All states that a protocol mentions. */
export const statesOf = ({ initial, final, steps, deadlines }: Protocol): string[] =>
  unique([initial, ...final, ...[...steps, ...deadlines].flatMap(({ state, to }) => [state, to])])

/** States in which a branch has begun and is not over. */
export const openStatesOf = (protocol: Protocol): string[] =>
  statesOf(protocol).filter(state => state !== protocol.initial && !protocol.final.includes(state))

/** Where an act leads: one state, none when it is illegal, and several when the table contradicts itself. */
export const targetsOf = ({ steps }: Protocol, state: string, role: Speaker, act: Act): string[] =>
  unique(steps.filter(step => step.state === state && step.role === role && step.acts.includes(act)).map(({ to }) => to))

/** The acts that a role may utter in a state. */
export const actsOf = ({ steps }: Protocol, state: string, role: Speaker): Act[] =>
  unique(steps.filter(step => step.state === state && step.role === role).flatMap(({ acts }) => acts))

/** The states that can be reached from one, itself included. */
export function reachedFrom ({ steps, deadlines }: Protocol, from: string): ReadonlySet<string> {
  const reached = new Set([from])
  for (const state of reached) {
    for (const move of [...steps, ...deadlines]) if (move.state === state) reached.add(move.to)
  }
  return reached
}
