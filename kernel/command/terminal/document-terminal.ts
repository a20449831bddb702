import type { Column, Terminal } from '../../contract/command.js'
import type { MessageStream, Output } from './message-stream.js'
import { visibleJson } from './visible-text.js'

/** How data becomes documents. */
export interface Notation {
  readonly output: 'json' | 'yaml'
  /** The only document of an answer. */
  whole (data: unknown): string
  /** One document of many. */
  part (data: unknown): string
}

const plain = (_key: string, value: unknown): unknown => typeof value === 'bigint' ? value.toString() : value

export const jsonNotation: Notation = {
  output: 'json',
  whole: data => `${visibleJson(JSON.stringify(data, plain, 2) ?? 'null')}\n`,
  part: data => `${visibleJson(JSON.stringify(data, plain) ?? 'null')}\n`,
}

/** YAML 1.2. The package is loaded here, because few ask for it. */
export async function yamlNotation (): Promise<Notation> {
  const { stringify } = await import('yaml')
  // The package quotes strings with C0 and C1 characters, but leaves the latter as they are within the quotes.
  const text = (data: unknown): string => stringify(data, plain, { lineWidth: 0 })
    .replace(/[\u007f-\u009f]/g, character => `\\x${character.charCodeAt(0).toString(16)}`)
  return { output: 'yaml', whole: text, part: data => `---\n${text(data)}` }
}

/** Answers for programs: documents on stdout, and nothing else there. */
export class DocumentTerminal implements Terminal {
  readonly output: 'json' | 'yaml'
  readonly interactive: boolean

  constructor (
    private readonly stdout: Output,
    private readonly messages: MessageStream,
    private readonly notation: Notation,
  ) {
    this.output = notation.output
    this.interactive = messages.interactive
  }

  table<R> (_rows: readonly R[], _columns: ReadonlyArray<Column<R>>, data: unknown): void {
    this.stdout.write(this.notation.whole(data))
  }

  record (_fields: ReadonlyArray<readonly [name: string, value: string]>, data: unknown): void {
    this.stdout.write(this.notation.whole(data))
  }

  item (_line: string, data: unknown): void {
    this.stdout.write(this.notation.part(data))
  }

  say (sentence: string): void {
    this.messages.say(sentence)
  }

  progress<T> (label: string, work: (advance: (done: number, total: number) => void) => Promise<T>): Promise<T> {
    return this.messages.progress(label, work)
  }
}
