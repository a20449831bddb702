/**
 * Which of the agents that offer a capability gets a message: the least busy one, each in turn, always the same for a
 * conversation (or a sender), or all of them.
 */
export enum Choice { One, RoundRobin, Hash, All }

/** As messages name it. */
export function choiceName (choice: Choice): string {
  switch (choice) {
    case Choice.RoundRobin: return 'round'
    case Choice.Hash: return 'hash'
    case Choice.All: return 'all'
    default: return 'one'
  }
}
