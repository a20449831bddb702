import type { Column, Terminal } from '../../contract/command.js'
import type { Paint } from './colours.js'
import type { MessageStream, Output } from './message-stream.js'
import { recordLines, tableLines } from './table-layout.js'
import { visible } from './visible-text.js'

/** Answers for people. Nothing that an agent or a server sends can move the cursor or hide text. */
export class HumanTerminal implements Terminal {
  readonly output = 'human'
  readonly interactive: boolean

  constructor (
    private readonly stdout: Output,
    private readonly messages: MessageStream,
    private readonly style: { readonly paint: Paint, readonly width: number },
  ) {
    this.interactive = messages.interactive
  }

  table<R> (rows: readonly R[], columns: ReadonlyArray<Column<R>>, _data: unknown): void {
    if (rows.length > 0) this.lines(tableLines(rows, columns, this.style.width, this.style.paint))
  }

  record (fields: ReadonlyArray<readonly [name: string, value: string]>, _data: unknown): void {
    if (fields.length > 0) this.lines(recordLines(fields, this.style.width, this.style.paint))
  }

  item (line: string, _data: unknown): void {
    this.lines([visible(line)])
  }

  say (sentence: string): void {
    this.messages.say(sentence)
  }

  progress<T> (label: string, work: (advance: (done: number, total: number) => void) => Promise<T>): Promise<T> {
    return this.messages.progress(label, work)
  }

  private lines (lines: readonly string[]): void {
    this.stdout.write(`${lines.join('\n')}\n`)
  }
}
