/** Where something stands in a text, both from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

interface Section {
  readonly path: string
  readonly from: number
  to: number
}

const HEADER = /^[ \t]*(?<open>\[\[?)[ \t]*(?<path>[^\]]+?)[ \t]*\]\]?[ \t]*(?:#.*)?$/

/**
 * Finds where in a TOML text a key or a value stands: the parser tells values without places. Sections are `roles.NAME` and
 * `bindings.INDEX`, from 0; what stands elsewhere (in an inline table) is found by its text alone.
 */
export class PolicyPlaces {
  readonly #lines: readonly string[]
  readonly #sections: readonly Section[]

  constructor (text: string) {
    this.#lines = text.split('\n')
    this.#sections = sectionsOf(this.#lines)
  }

  /** The first place of `sought` in a section, else in the whole text, else the section's own place. */
  of (path: string, sought: string): Place {
    const section = this.#sections.find(each => each.path === path)
    const inSection = section === undefined ? undefined : this.#find(sought, section.from, section.to)
    return inSection ?? (section === undefined ? this.#find(sought, 0, this.#lines.length) : undefined)
      ?? { line: (section?.from ?? 0) + 1, column: 1 }
  }

  #find (sought: string, from: number, to: number): Place | undefined {
    for (let line = from; line < to; line++) {
      const column = foundIn(this.#lines[line] ?? '', sought)
      if (column >= 0) return { line: line + 1, column: column + 1 }
    }
    return undefined
  }
}

function sectionsOf (lines: readonly string[]): Section[] {
  const sections: Section[] = []
  const counts = new Map<string, number>()
  for (const [line, text] of lines.entries()) {
    const { open, path } = HEADER.exec(text)?.groups ?? {}
    if (path === undefined) continue
    const plain = path.split('.').map(part => part.trim().replace(/^(["'])(.*)\1$/, '$2')).join('.')
    const count = counts.get(plain) ?? 0
    counts.set(plain, count + 1)
    const last = sections.at(-1)
    if (last !== undefined) last.to = line
    sections.push({ path: open === '[[' ? `${plain}.${count}` : plain, from: line, to: lines.length })
  }
  return sections
}

/** As a whole word, or within quotes; not in a comment. */
function foundIn (line: string, sought: string): number {
  const written = JSON.stringify(sought).slice(1, -1)
  if (written === '') return -1
  for (let at = line.indexOf(written); at >= 0; at = line.indexOf(written, at + 1)) {
    if (/^[ \t]*#/.test(line)) return -1
    if (!isWordPart(line[at - 1]) && !isWordPart(line[at + written.length])) return at
  }
  return -1
}

const isWordPart = (character: string | undefined): boolean => character !== undefined && /[\w:*-]/.test(character)
