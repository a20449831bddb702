import { ruleOf } from '../../lifecycle/configuration/formats.js'
import { CommandValueInvalid } from '../command-errors.js'

const LONGEST_WAIT = 0xffff_ffff

/** Reads a duration as the configuration does (`5s`) → milliseconds, at most `most`, or 2³² − 1. `what` names it in errors. */
export const duration = (what: string, text: string, most = LONGEST_WAIT): number => quantity('duration', what, text, most)

/** Reads a size as the configuration does (`64KiB`, `16MiB`, `4096`) → bytes. */
export const bytes = (what: string, text: string): number => quantity('bytes', what, text, Number.MAX_SAFE_INTEGER)

function quantity (format: 'duration' | 'bytes', what: string, text: string, most: number): number {
  const rule = ruleOf(format)
  const value = rule.parse(rule.fromText(text), '')
  if (typeof value === 'number' && value <= most) return value
  throw CommandValueInvalid({ what, value: text, expected: `write ${rule.expected}` })
}

/** Reads a whole number between `least` and `most`. */
export function wholeNumber (what: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw CommandValueInvalid({ what, value: text, expected: `write a whole number from ${least} to ${most}` })
}
