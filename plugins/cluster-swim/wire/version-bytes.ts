import type { Versions } from './messages.js'

/** Versions from their six bytes. Three are enough (a node without a delegate); fewer are none. */
export function versionsOf (bytes: Uint8Array): Versions | undefined {
  if (bytes.length < 3) return undefined
  const [minimum = 0, maximum = 0, current = 0, delegateMinimum = 0, delegateMaximum = 0, delegateCurrent = 0] = bytes
  return { minimum, maximum, current, delegateMinimum, delegateMaximum, delegateCurrent }
}

export function versionBytes (versions: Versions | undefined): Uint8Array {
  if (versions === undefined) return new Uint8Array(0)
  const { minimum, maximum, current, delegateMinimum, delegateMaximum, delegateCurrent } = versions
  return Uint8Array.of(minimum, maximum, current, delegateMinimum, delegateMaximum, delegateCurrent)
}
