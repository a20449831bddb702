const two = (value: number): string => String(value).padStart(2, '0')

/** `14:03:07.123` in the local time zone, from milliseconds since the Unix epoch. */
export function clockText (milliseconds: number): string {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) return String(milliseconds)
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
  return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** `14:03:07.123`, and before it the day, if it is not the day of `now`. */
export function momentText (milliseconds: number, now: number): string {
  const [date, today] = [new Date(milliseconds), new Date(now)]
  const clock = clockText(milliseconds)
  if (date.toDateString() === today.toDateString()) return clock
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`
}

/** `85 µs`, `1.25 ms`, `340 ms`, `2.1 s`, from milliseconds: three digits at most. */
export function timeText (milliseconds: number): string {
  if (milliseconds >= 1000) return `${Number((milliseconds / 1000).toPrecision(3))} s`
  if (milliseconds >= 1 || milliseconds === 0) return `${Number(milliseconds.toPrecision(3))} ms`
  return `${Number((milliseconds * 1000).toPrecision(3))} µs`
}
