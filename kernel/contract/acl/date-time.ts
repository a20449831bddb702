import { LATEST_REPLY_BY } from './fipa-message.js'

const DATE_TIME = /^([+-]?)(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)(\d{3})([a-z]?)$/i

/** Whether a text is a date-time by its letters (SC00070I §2.2). */
export const isDateTime = (text: string): boolean => DATE_TIME.test(text)

/**
 * Reads a date-time: `20261125T221627000Z`, or with a sign how long after or before `now`: `+00000000T000010000`.
 * Gives milliseconds since the Unix epoch, or why it is none. What names no time zone is UTC.
 */
export function readDateTime (text: string, now: number): number | string {
  const [, sign = '', ...parts] = DATE_TIME.exec(text) ?? []
  const zone = parts.pop()
  if (zone === undefined) return 'it is not a date-time such as 20261125T221627000Z or +00000000T000010000'
  if (!/^z?$/i.test(zone)) return `the time zone ${zone} is not known: give the time in UTC, which is Z`
  const numbers = parts.map(Number)
  const time = sign === '' ? absolute(numbers) : relative(numbers, now, sign === '-' ? -1 : 1)
  if (Number.isNaN(time)) return 'there is no such day or time'
  return time >= 1 && time <= LATEST_REPLY_BY ? time : 'it lies before 1970 or after 9999'
}

/** Writes a time, which is at most {@link LATEST_REPLY_BY}, as an absolute date-time. */
export const dateTimeText = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/[-:.]/g, '')

function absolute ([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0]: readonly number[]): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  const isDay = month >= 1 && month <= 12 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  if (!isDay || hour > 23 || minute > 59 || second > 59) return NaN
  return date.setUTCHours(hour, minute, second, millisecond)
}

/** Years and months go by the calendar, to the last day of a month where it has no such day. */
function relative (parts: readonly number[], now: number, sign: 1 | -1): number {
  const [years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = parts
  const date = new Date(now)
  const day = date.getUTCDate()
  date.setUTCMonth(date.getUTCMonth() + sign * (years * 12 + months), 1)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, lastDay))
  return date.getTime() + sign * ((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000 + milliseconds)
}
