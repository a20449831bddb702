import { PassThrough } from 'node:stream'
import { expect } from 'chai'
import { messagesOf } from '../../../../plugins/api-grpc/stream-messages.js'

const stream = (): PassThrough => new PassThrough({ objectMode: true, autoDestroy: false })
const bytes = (text: string): Buffer => Buffer.from(text)

async function allOf (source: PassThrough): Promise<string[]> {
  const texts: string[] = []
  for await (const message of messagesOf(source)) texts.push(message.toString())
  return texts
}

describe('api-grpc: the messages of a stream', () => {
  it('come one after the other, whether they are there or are waited for', async () => {
    const source = stream()
    source.write(bytes('one'))
    source.write(bytes('two'))
    const read = allOf(source)
    await new Promise(resolve => setImmediate(resolve))
    source.write(bytes('three'))
    await new Promise(resolve => setImmediate(resolve))
    source.end(bytes('four'))
    expect(await read).to.deep.equal(['one', 'two', 'three', 'four'])
  })

  it('leave the stream as it is when it has ended', async () => {
    const source = stream()
    source.end()
    expect(await allOf(source)).to.deep.equal([])
    expect(source.destroyed).to.equal(false)
  })

  it('leave the stream as it is for a reader that has seen enough', async () => {
    const source = stream()
    source.write(bytes('one'))
    source.write(bytes('two'))
    for await (const message of messagesOf(source)) {
      expect(message.toString()).to.equal('one')
      break
    }
    expect(source.destroyed).to.equal(false)
  })

  it('end with an error where the stream breaks off', async () => {
    const source = stream()
    source.write(bytes('one'))
    const read = allOf(source).catch((error: Error) => error.message)
    await new Promise(resolve => setImmediate(resolve))
    source.destroy()
    expect(await read).to.equal('the stream broke off')
  })

  it('end with the error of the stream', async () => {
    const source = stream()
    const read = allOf(source).catch((error: Error) => error.message)
    source.destroy(new Error('too much'))
    expect(await read).to.equal('too much')
  })
})
