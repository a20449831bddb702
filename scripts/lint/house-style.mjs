import { onlyCode, parseSource } from './source-text.mjs'

/** Aim at 120; beyond this a line is refused. */
const LONGEST_LINE = 140
/** Those who name what is banned. */
const WATCHMEN = /^(scripts\/lint\/|test\/(unit|integration)\/scripts\/)/
/** `Listeners.note` allows a UDP port, but can't open it. The other one only sends. */
const DATAGRAM_PORTS = /^plugins\/(cluster-swim\/network\/datagram-port|audit-log\/forward\/syslog-datagrams)\.ts$/

/**
 * What the house style forbids and no linter knows. `look` says what is searched: the code without comments and
 * strings, all of the text, or the path. `where`: the files it is about. `but`: the files that may.
 */
export const BANS = [
  { name: 'cast-to-any', look: 'code', pattern: /\bas any\b/, remedy: 'Parse the value, or narrow it from unknown.' },
  {
    name: 'double-cast', look: 'code', pattern: /\bas unknown as\b/,
    remedy: 'Parse the value, or narrow it with a check.',
  },
  {
    name: 'silenced-checker', look: 'text', pattern: /@ts-ignore|@ts-nocheck|(eslint|oxlint)-disable/, but: WATCHMEN,
    remedy: 'Make the code pass, or change the rule for everybody in .oxlintrc.json.',
  },
  {
    name: 'port-opened-by-plugin', look: 'code', where: /^plugins\/.*\.ts$/, but: DATAGRAM_PORTS,
    pattern: /(?<![lL]isteners)\.listen\s*\(|\.bindAsync\s*\(|\bcreateSocket\s*\(|(socket|udp|server)\w*\.bind\s*\(/i,
    remedy: 'Open ports through Listeners of the contract, which refuses unprotected ones and knows them all.',
  },
  { name: 'semicolon', look: 'code', pattern: /;\s*$/, remedy: 'Leave it out.' },
  {
    name: 'tab-or-trailing-space', look: 'text', pattern: /\t|[ \t]$/,
    remedy: 'Indent with two spaces, end lines with their last word.',
  },
  {
    name: 'work-left-over', look: 'text', pattern: /\b(TODO|FIXME|XXX)\b/, but: WATCHMEN,
    remedy: 'Do it, or open an issue.',
  },
  {
    name: 'line-too-long', look: 'text', pattern: new RegExp(`^(?!.*https?:).{${LONGEST_LINE + 1}}`),
    remedy: `Break it at ${LONGEST_LINE} characters.`,
  },
  {
    name: 'vague-name', look: 'path', pattern: /(^|\/)(utils?|helpers?|common|core|managers?)(\.|\/|-|$)/,
    remedy: 'Name the file or folder after its one idea.',
  },
]

/** Every breach in one file, as `path:line: name. remedy`. */
export function styleProblems (path, text) {
  const lines = { text: text.split('\n'), code: onlyCode(text, parseSource(path, text)).split('\n'), path: [path] }
  return BANS.filter(({ where, but }) => where?.test(path) !== false && but?.test(path) !== true)
    .flatMap(({ name, look, pattern, remedy }) => lines[look].flatMap((line, index) =>
      pattern.test(line) ? [`${path}:${index + 1}: ${name}. ${remedy}`] : []))
}
