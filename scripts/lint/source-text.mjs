import { parseSync, Visitor } from 'oxc-parser'

/** Parses TypeScript or JavaScript; a syntax error names the file. */
export function parseSource (path, text) {
  const parsed = parseSync(path, text)
  if (parsed.errors.length > 0) throw new Error(`${path}: ${parsed.errors[0].message}`)
  return parsed
}

/** Overwrites ranges with spaces; lines and columns stay where they were. */
function blank (text, ranges) {
  let result = text
  for (const { start, end } of ranges) {
    result = result.slice(0, start) + result.slice(start, end).replace(/[^\n]/g, ' ') + result.slice(end)
  }
  return result
}

/** The text with its comments blanked. */
export const withoutComments = (text, parsed) => blank(text, parsed.comments)

/** The text with its comments and the insides of its strings and templates blanked: what is left is code. */
export function onlyCode (text, parsed) {
  const ranges = [...parsed.comments]
  new Visitor({
    TemplateElement: ({ start, end }) => ranges.push({ start, end }),
    Literal: ({ start, end, value }) => typeof value === 'string' && ranges.push({ start: start + 1, end: end - 1 }),
  }).visit(parsed.program)
  return blank(text, ranges)
}
