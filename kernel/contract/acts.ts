/**
 * The 22 communicative acts of FIPA SC00037J, in the order of the bit-efficient representation (SC00069G), whose codes
 * 1 to 22 a frame carries. The order is frozen.
 */
export const ACTS = [
  'accept-proposal', 'agree', 'cancel', 'cfp', 'confirm', 'disconfirm', 'failure', 'inform', 'inform-if', 'inform-ref',
  'not-understood', 'propagate', 'propose', 'proxy', 'query-if', 'query-ref', 'refuse', 'reject-proposal', 'request',
  'request-when', 'request-whenever', 'subscribe',
] as const

export type Act = typeof ACTS[number]

/** The code of an act, 1 to 22. */
export const actCode = (act: Act): number => ACTS.indexOf(act) + 1

/** The act of a code, or undefined when the code is none. */
export const actOfCode = (code: number): Act | undefined => ACTS[code - 1]

/** Reads an act as FIPA writes them: case does not matter. */
export function parseAct (text: string): Act | undefined {
  const lower = text.toLowerCase()
  return ACTS.find(act => act === lower)
}
