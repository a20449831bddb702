const kept: object[] = []

/**
 * Keeps a database or a statement until the process ends: Node from 24.19 on may abort when it collects an object of better-sqlite3 12
 * (nodejs/node#65446). So ask for no iterator, and set with `exec('PRAGMA …')`, which makes no statement.
 */
export function neverCollected<T extends object> (made: T): T {
  kept.push(made)
  return made
}
