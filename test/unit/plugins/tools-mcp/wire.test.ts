import { expect } from 'chai'
import fc from 'fast-check'
import { readAnswer } from '../../../../plugins/tools-mcp/servers/answer-reader.js'
import { boundedFetch } from '../../../../plugins/tools-mcp/servers/bounded-fetch.js'

describe('what a tool answered', () => {
  it('is its text, its structured content, and the rest as it came', () => {
    const image = { type: 'image', data: 'AA==', mimeType: 'image/png' }
    const content = [{ type: 'text', text: 'one' }, image, { type: 'text', text: 'two' }]
    expect(readAnswer({ content, structuredContent: { sum: 5 } })).to.deep.include({
      isError: false, answer: { text: 'one\ntwo', structured: { sum: 5 }, parts: [image] },
    })
    expect(readAnswer({ content: [], isError: true }).isError).to.equal(true)
  })

  it('can be anything', () => {
    const seed = Number(process.env['CAXTON_TEST_SEED'] ?? '1')
    const runs = process.env['CAXTON_TEST_LONG'] === '1' ? 50_000 : 200
    const members = { content: fc.jsonValue(), structuredContent: fc.jsonValue(), isError: fc.jsonValue() }
    const anything = fc.record(members, { requiredKeys: [] })
    fc.assert(fc.property(anything, result => {
      expect(typeof readAnswer(result).answer.text).to.equal('string')
    }), { numRuns: runs, seed })
  })
})

describe('an answer over HTTP', () => {
  const fetched = (chunks: readonly string[], type: string, most: number): Promise<Response> => boundedFetch(most, async () => {
    const stream = new ReadableStream<Uint8Array>({
      start (controller) {
        for (const chunk of chunks) controller.enqueue(Buffer.from(chunk))
        controller.close()
      },
    })
    return new Response(stream, { headers: { 'content-type': type } })
  })('http://127.0.0.1/')
  const lengthOf = async (answer: Promise<Response>): Promise<number | string> =>
    (await answer).text().then(text => text.length, (error: unknown) => error instanceof Error ? error.message : '')

  it('ends with an error when it is larger than it may be', async () => {
    expect(await lengthOf(fetched(['x'.repeat(50), 'x'.repeat(50)], 'application/json', 100))).to.equal(100)
    expect(await lengthOf(fetched(['x'.repeat(50), 'x'.repeat(51)], 'application/json', 100)))
      .to.equal('the server sent more than 100 bytes in one message')
  })

  it('that is a stream may be of any length, but none of its events', async () => {
    const event = `data: ${'x'.repeat(60)}\r\n\r\n`
    expect(await lengthOf(fetched(Array<string>(50).fill(event), 'text/event-stream', 100))).to.equal(event.length * 50)
    expect(await lengthOf(fetched([`data: ${'x'.repeat(60)}`, 'x'.repeat(60)], 'text/event-stream; charset=utf-8', 100)))
      .to.equal('the server sent more than 100 bytes in one message')
  })
})
