const STAR = 42
const PATTERN = /^[!-~]{1,255}$/

/** Whether this can stand for names: 1 to 255 printable ASCII characters, in which `*` means any characters, also none. */
export const isNamePattern = (text: string): boolean => PATTERN.test(text)

/**
 * Whether a pattern stands for a name. Given a pattern in the place of the name, whether it stands for all that the other stands for.
 * Makes no garbage.
 */
export function matchesName (pattern: string, name: string): boolean {
  let at = 0
  let place = 0
  let star = -1
  let retry = 0
  while (at < name.length) {
    const sign = pattern.charCodeAt(place)
    if (sign === STAR) {
      star = place++
      retry = at
    } else if (sign === name.charCodeAt(at)) {
      place++
      at++
    } else if (star >= 0) {
      place = star + 1
      at = ++retry
    } else return false
  }
  while (pattern.charCodeAt(place) === STAR) place++
  return place === pattern.length
}
