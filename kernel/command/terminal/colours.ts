const CODES = { bold: '1', dim: '2', red: '31', green: '32', yellow: '33', cyan: '36' } as const

export type Style = keyof typeof CODES

/** Colours a text, or leaves it alone. */
export type Paint = (style: Style, text: string) => string

export const paintAnsi: Paint = (style, text) => text === '' ? text : `\x1b[${CODES[style]}m${text}\x1b[0m`
export const paintNothing: Paint = (_style, text) => text

/** Whether a stream gets colours: the switch, then NO_COLOR, FORCE_COLOR, and whether a terminal is there. */
export function wantsColour (
  stream: { readonly isTTY?: boolean | undefined },
  environment: Readonly<Record<string, string | undefined>>,
  refused: boolean,
): boolean {
  if (refused || (environment['NO_COLOR'] ?? '') !== '') return false
  const forced = environment['FORCE_COLOR'] ?? ''
  if (forced !== '') return forced !== '0'
  return stream.isTTY === true && environment['TERM'] !== 'dumb'
}

const TONES: Readonly<Record<string, Style>> = {
  ready: 'green', running: 'green', started: 'green', delivered: 'green',
  degraded: 'yellow', draining: 'yellow', quarantined: 'yellow', stopped: 'dim', unloaded: 'dim',
  failed: 'red',
}

/** The style of a word that says how well something does, if it is one. */
export const toneOf = (word: string): Style | undefined => Object.hasOwn(TONES, word) ? TONES[word] : undefined
