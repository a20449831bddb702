/** A stream that keeps what is written. */
export class TextStream {
  text = ''
  readonly isTTY?: boolean
  readonly columns?: number

  constructor (terminal?: { readonly columns: number }) {
    if (terminal !== undefined) {
      this.isTTY = true
      this.columns = terminal.columns
    }
  }

  write (text: string): void {
    this.text += text
  }

  get lines (): string[] {
    return this.text.split('\n').slice(0, -1)
  }
}
