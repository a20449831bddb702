import { expect } from 'chai'
import { BroadcastQueue } from '../../../../../plugins/cluster-swim/gossip/broadcast-queue.js'

const message = (text: string, length = 20): Uint8Array => Buffer.from(text.padEnd(length, '.'))
const texts = (messages: readonly Uint8Array[]): string[] => messages.map(bytes => Buffer.from(bytes).toString().replace(/\.+$/, ''))

describe('BroadcastQueue', () => {
  it('sends each message as often as its limit says, then forgets it', () => {
    const queue = new BroadcastQueue(() => 3)
    queue.put(message('a'), 'a')
    for (let turn = 0; turn < 3; turn++) expect(texts(queue.take(100))).to.deep.equal(['a'])
    expect(queue.take(100)).to.deep.equal([])
    expect(queue.size).to.equal(0)
  })

  it('puts news of a node in the place of older news of it', () => {
    const queue = new BroadcastQueue(() => 3)
    queue.put(message('old'), 'node-1')
    queue.put(message('new'), 'node-1')
    expect(queue.size).to.equal(1)
    expect(texts(queue.take(100))).to.deep.equal(['new'])
  })

  it('sends first what was sent least often, of that the newest', () => {
    const queue = new BroadcastQueue(() => 5)
    queue.put(message('first'), '1')
    queue.take(100)
    queue.put(message('second'), '2')
    queue.put(message('third'), '3')
    expect(texts(queue.take(100))).to.deep.equal(['third', 'second', 'first'])
  })

  it('knows how much room all of it takes in packets', () => {
    const queue = new BroadcastQueue(() => 1)
    queue.put(message('a'), '1')
    queue.put(message('a', 30), '1')
    queue.put(message('of the layer above', 50))
    expect(queue.bytes).to.equal(84)
    queue.take(40)
    queue.take(60)
    expect(queue.bytes).to.equal(0)
  })

  it('keeps within the room, and fills it with what fits', () => {
    const queue = new BroadcastQueue(() => 5)
    queue.put(message('small'), '1')
    queue.put(message('large', 80), '2')
    expect(texts(queue.take(60))).to.deep.equal(['small'])
    expect(texts(queue.take(104))).to.deep.equal(['large', 'small'])
  })

  it('says once when a message went out for the first time, or was replaced before', () => {
    const queue = new BroadcastQueue(() => 5)
    const said: string[] = []
    queue.put(message('a'), 'a', () => said.push('a'))
    queue.put(message('b'), 'a', () => said.push('b'))
    expect(said).to.deep.equal(['a'])
    queue.take(100)
    queue.take(100)
    expect(said).to.deep.equal(['a', 'b'])
  })

  it('gives up messages that name nobody when too many wait, and counts them', () => {
    const queue = new BroadcastQueue(() => 5)
    for (let number = 0; number < 1030; number++) queue.put(message(String(number)))
    expect(queue.size).to.equal(1024)
    expect(queue.dropped).to.equal(6)
    expect(texts(queue.take(22))).to.deep.equal(['1029'])
  })
})
