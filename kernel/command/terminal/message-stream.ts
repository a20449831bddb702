import type { Clock, Timer } from '../../contract/clock.js'
import { visible } from './visible-text.js'

/** Where text goes. */
export interface Output {
  write (text: string): unknown
}

/** When a progress bar appears, and how often it is drawn again, in milliseconds. */
const SHOW_AFTER = 1000
const REDRAW = 100
const BAR_CELLS = 24

/** Everything that a person reads besides the data: sentences and progress, on stderr. */
export class MessageStream {
  constructor (
    private readonly output: Output,
    private readonly clock: Clock,
    readonly interactive: boolean,
  ) {}

  /** Writes a sentence; line breaks in it stay, other control characters are escaped. */
  say (sentence: string): void {
    this.output.write(`${sentence.split('\n').map(visible).join('\n')}\n`)
  }

  /** Runs `work`; after a second it shows how far it is, if a person is looking. */
  async progress<T> (label: string, work: (advance: (done: number, total: number) => void) => Promise<T>): Promise<T> {
    let line = progressLine(label, 0, 0)
    let shown = false
    let timer: Timer | undefined
    const draw = (): void => {
      shown = true
      this.output.write(`\r${line}\x1b[K`)
      timer = this.clock.after(REDRAW, draw)
    }
    if (this.interactive) timer = this.clock.after(SHOW_AFTER, draw)
    try {
      return await work((done, total) => { line = progressLine(label, done, total) })
    } finally {
      timer?.cancel()
      if (shown) this.output.write('\r\x1b[K')
    }
  }
}

/** `Uploading  [#####-----]  50 %`, or the label alone while the total is unknown. */
export function progressLine (label: string, done: number, total: number): string {
  if (!(total > 0)) return `${visible(label)} ...`
  const share = Math.min(1, Math.max(0, done / total))
  const filled = Math.round(share * BAR_CELLS)
  return `${visible(label)}  [${'#'.repeat(filled)}${'-'.repeat(BAR_CELLS - filled)}]  ${Math.floor(share * 100)} %`
}
