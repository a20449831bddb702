/** A question to a service elsewhere. */
export interface WebRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface WebAnswer {
  readonly status: number
  readonly body: string
  /** By lower-case names, those that came once. */
  readonly headers?: Readonly<Record<string, string>>
}

/** How a part of the server asks services elsewhere, so that tests can answer for them. */
export interface Web {
  /**
   * Resolves to the whole answer, whatever its status; a redirection is one, too, and is not followed. Rejects with an error whose message
   * is part of a sentence when there is none: `no answer within 5000 ms`.
   */
  ask (request: WebRequest, signal: AbortSignal): Promise<WebAnswer>
}
