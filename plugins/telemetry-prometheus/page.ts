/** Who asks for a page, and how. */
export interface Visit {
  /** Without the query: `/metrics`. */
  readonly path: string
  /** With lower-case names. */
  readonly headers: ReadonlyMap<string, string>
  /** Without port. */
  readonly address: string
  /** The verified client certificate in DER, where the connection carries one. */
  readonly certificate?: Uint8Array
  /** Aborts when the time for the answer is over, or the visitor is gone. */
  readonly signal: AbortSignal
}

/** What a visitor gets. */
export interface Page {
  /** Of HTTP (RFC 9110 §15). */
  readonly status: number
  readonly type: string
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

export const PLAIN = 'text/plain; charset=utf-8'

export const plainPage = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): Page =>
  ({ status, type: PLAIN, text: `${text}\n`, headers })
