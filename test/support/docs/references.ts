/** The relative links of a Markdown text. */
export function linksOf (text: string): string[] {
  const prose = text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter(target => !/^[a-z]+:/.test(target))
}

/** The anchors that GitHub makes of the headings of a Markdown text. */
export function anchorsOf (text: string): ReadonlySet<string> {
  const headings = [...text.replace(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading)
  return new Set(headings.map(heading => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')))
}

/** What follows `caxton` in the code spans of a text that name a command; spans with an ellipsis or brackets name none. */
export function inlineCommands (text: string): string[] {
  return [...text.replace(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span)
    .flatMap(span => /^(?:[A-Z_]+=\S+ )*(?:npx )?caxton (.+)$/.exec(span)?.[1] ?? [])
    .filter(line => !/\.\.\.|…|\[|\bGROUP\b|\bCOMMAND\b/.test(line))
}

/** The words of a shell line, as far as documents need: quotes, and what follows a comment, a pipe or a redirection is left out. */
export function wordsOf (line: string): string[] {
  const words: string[] = []
  for (const [, single, double, plain] of line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)) {
    if (plain !== undefined && /^(#|\||>|&&$|;)/.test(plain)) break
    words.push(single ?? double ?? plain ?? '')
  }
  return words
}
