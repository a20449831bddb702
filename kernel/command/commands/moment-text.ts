const two = (value: number): string => String(value).padStart(2, '0')

/** `2026-11-20 14:03:07` in the local time zone, or `-` for 0, from milliseconds since the Unix epoch. */
export function momentText (milliseconds: bigint): string {
  if (milliseconds === 0n) return '-'
  const date = new Date(Number(milliseconds))
  if (Number.isNaN(date.getTime())) return String(milliseconds)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockText(date)}`
}

/** `14:03:07.123` in the local time zone. */
export function timeText (milliseconds: bigint): string {
  const date = new Date(Number(milliseconds))
  if (Number.isNaN(date.getTime())) return String(milliseconds)
  return `${clockText(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

const clockText = (date: Date): string => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`

const UNITS: ReadonlyArray<readonly [name: string, seconds: number]> = [['d', 86_400], ['h', 3600], ['m', 60], ['s', 1]]

/** `3d 4h`, `5m 12s`, `0s`: the two largest units of a time span in milliseconds. */
export function spanText (milliseconds: number): string {
  let rest = Math.max(0, Math.floor(milliseconds / 1000))
  const parts = UNITS.map(([name, seconds]) => {
    const count = Math.floor(rest / seconds)
    rest -= count * seconds
    return { name, count }
  })
  const first = Math.max(0, parts.findIndex(part => part.count > 0))
  const shown = parts.slice(first, first + 2).filter(part => part.count > 0)
  return shown.length === 0 ? '0s' : shown.map(({ name, count }) => `${count}${name}`).join(' ')
}

/** `85 µs`, `1.25 ms`, `340 ms`, `2.1 s`, from milliseconds: three digits at most. */
export function millisecondsText (milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return 'off the scale'
  if (milliseconds >= 1000) return `${Number((milliseconds / 1000).toPrecision(3))} s`
  if (milliseconds >= 1 || milliseconds === 0) return `${Number(milliseconds.toPrecision(3))} ms`
  return `${Number((milliseconds * 1000).toPrecision(3))} µs`
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** `1.5 MiB` */
export function sizeText (bytes: bigint): string {
  let size = Number(bytes)
  let unit = 0
  while (size >= 1024 && unit < SIZES.length - 1) {
    size /= 1024
    unit++
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${SIZES[unit] ?? ''}`
}
