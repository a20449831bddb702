const PART = '(0|[1-9][0-9]{0,4})'
const VERSION = new RegExp(`^${PART}(?:\\.${PART})?(?:\\.${PART})?$`)
/** Versions are compared as one number: major × 10¹⁰ + minor × 10⁵ + patch, each below 10⁵. */
const STEP = 100_000

/** Versions from `least` on that are below `below`. */
export interface VersionRange {
  readonly least: number
  readonly below: number
}

export const ANY_VERSION: VersionRange = { least: 0, below: Infinity }

/** The number of a version of one to three parts, missing ones 0; undefined when it is none. */
export function versionNumber (text: string): number | undefined {
  const parts = partsOf(text)
  return parts === undefined ? undefined : numberOf(parts)
}

/** `1.2.0` */
export const versionText = (version: number): string =>
  [Math.floor(version / STEP / STEP), Math.floor(version / STEP) % STEP, version % STEP].join('.')

/**
 * Reads `2` (any 2.x.x), `1.2` (any 1.2.x), `1.2.3` (this one) or `^1.2`: from 1.2.0 on, below 2.0.0; below 1.0.0 the
 * minor version takes the place of the major one, as semantic versions have it (semver.org §4). Undefined when it is
 * none of these.
 */
export function versionRange (text: string): VersionRange | undefined {
  const isCompatible = text.startsWith('^')
  const parts = partsOf(isCompatible ? text.slice(1) : text)
  if (parts === undefined) return undefined
  const least = numberOf(parts)
  const [major = 0, minor = 0, patch = 0] = parts
  const fixed = isCompatible ? fixedParts(major, parts.length) : parts.length
  if (fixed === 1) return { least, below: numberOf([major + 1]) }
  if (fixed === 2) return { least, below: numberOf([major, minor + 1]) }
  return { least, below: numberOf([major, minor, patch + 1]) }
}

export const isWithin = (version: number, { least, below }: VersionRange): boolean => version >= least && version < below

/** `^0` leaves the minor version open, `^0.2` and `^0.2.3` do not. */
const fixedParts = (major: number, given: number): number => major > 0 || given === 1 ? 1 : 2

function partsOf (text: string): number[] | undefined {
  const match = VERSION.exec(text)
  return match === null ? undefined : match.slice(1).filter(part => part !== undefined).map(Number)
}

const numberOf = ([major = 0, minor = 0, patch = 0]: readonly number[]): number => (major * STEP + minor) * STEP + patch
