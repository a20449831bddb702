import { onlyCode, parseSource } from './source-text.mjs'

const LONGEST_LINE = 120

/**
 * What the house style forbids and no linter knows. `look` says what is searched: the code without comments and strings,
 * or all of the text. `where`: the files it is about. `but`: the files that may.
 */
export const BANS = [
  { name: 'cast-to-any', look: 'code', pattern: /\bas any\b/, remedy: 'Parse the value, or narrow it from unknown.' },
  { name: 'double-cast', look: 'code', pattern: /\bas unknown as\b/, remedy: 'Parse the value, or narrow it with a check.' },
  {
    name: 'silenced-checker', look: 'text', pattern: /@ts-ignore|@ts-nocheck|(eslint|oxlint)-disable/, but: /^(scripts\/lint\/|test\/.*lint)/,
    remedy: 'Make the code pass, or change the rule for everybody in .oxlintrc.json and say why.',
  },
  {
    name: 'port-opened-by-plugin', look: 'code', where: /^plugins\/.*\.ts$/,
    pattern: /(?<![lL]isteners)\.listen\s*\(|\.bindAsync\s*\(|\bcreateSocket\s*\(|(socket|udp|server)\w*\.bind\s*\(/i,
    remedy: 'Open ports through Listeners of the contract, which refuses unprotected ones and knows them all.',
  },
  { name: 'semicolon', look: 'code', pattern: /;\s*$/, remedy: 'Leave it out.' },
  { name: 'tab-or-trailing-space', look: 'text', pattern: /\t|[ \t]$/, remedy: 'Indent with two spaces, end lines with their last word.' },
  { name: 'work-left-over', look: 'text', pattern: /\b(TODO|FIXME|XXX)\b/, but: /^(scripts\/lint\/|test\/.*lint)/, remedy: 'Do it, or open an issue.' },
  { name: 'vague-name', look: 'path', pattern: /(^|\/)(utils?|helpers?|common|core|managers?)(\.|\/|-|$)/, remedy: 'Name the file or folder after its one idea.' },
]

/** Every breach in one file, as `path:line: name. remedy`. */
export function styleProblems (path, text) {
  const code = onlyCode(text, parseSource(path, text)).split('\n')
  const lines = text.split('\n')
  const bans = BANS.filter(({ where, but }) => (where === undefined || where.test(path)) && (but === undefined || !but.test(path)))
  const found = bans.filter(({ look }) => look === 'path').flatMap(ban => ban.pattern.test(path) ? [say(path, 1, ban)] : [])
  for (const [index, line] of lines.entries()) {
    for (const ban of bans) {
      if (ban.look !== 'path' && ban.pattern.test(ban.look === 'code' ? code[index] : line)) found.push(say(path, index + 1, ban))
    }
    if (line.length > LONGEST_LINE && !line.includes('http')) {
      found.push(say(path, index + 1, { name: `line-too-long (${line.length})`, remedy: `Break it at ${LONGEST_LINE} characters.` }))
    }
  }
  if (!text.endsWith('\n')) found.push(say(path, lines.length, { name: 'no-newline-at-end', remedy: 'End the file with one.' }))
  return found
}

const say = (path, line, { name, remedy }) => `${path}:${line}: ${name}. ${remedy}`
