const STREAM = 'text/event-stream'
const NEWLINE = 10

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/**
 * A `fetch` whose answers end with an error when one message in them is larger than `most` bytes: the whole body, or of a stream of events
 * what comes between two empty lines.
 */
export const boundedFetch = (most: number, fetchIt: Fetch = fetch): Fetch => async (url, init) => {
  const response = await fetchIt(url, init)
  if (response.body === null) return response
  const isStream = response.headers.get('content-type')?.startsWith(STREAM) === true
  const { status, statusText, headers } = response
  const bounded = new Response(response.body.pipeThrough(bound(most, isStream)), { status, statusText, headers })
  Object.defineProperty(bounded, 'url', { value: response.url })
  return bounded
}

function bound (most: number, isStream: boolean): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0
  let last = 0
  return new TransformStream({
    transform (chunk, controller) {
      bytes += chunk.length
      for (const byte of isStream ? chunk : []) {
        if (byte === NEWLINE && last === NEWLINE) bytes = 0
        if (byte !== 13) last = byte
      }
      if (bytes > most) controller.error(new RangeError(`the server sent more than ${most} bytes in one message`))
      else controller.enqueue(chunk)
    },
  })
}
