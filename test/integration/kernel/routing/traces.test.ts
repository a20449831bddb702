import { expect } from 'chai'
import { ClusterScene, type SceneNode } from '../../../support/cluster-scene.js'
import { until } from '../../../support/until.js'

describe('the trace of a conversation', function () {
  this.timeout(20_000)
  let scene: ClusterScene
  let one: SceneNode
  let two: SceneNode

  beforeEach(async () => {
    scene = new ClusterScene()
    one = await scene.node('node-1')
    two = await scene.node('node-2')
  })
  afterEach(() => scene.stop())

  it('is one, from a caller over two nodes and back, each step below what brought it about', async () => {
    await two.server.deploy('echo', 'echo')
    await until(() => one.cluster.agents.ofName('echo') !== undefined)
    await one.server.ask('echo', { content: Buffer.from('hello') })
    const all = (): typeof one.server.spans => [...one.server.spans, ...two.server.spans]
    await until(() => all().filter(({ kind }) => kind === 'consumer').length >= 2)
    const spans = all()
    expect(new Set(spans.map(({ traceId }) => traceId)).size).to.equal(1)
    const parents = new Map(spans.map(({ spanId, parentSpanId }) => [spanId, parentSpanId ?? '']))
    const names = new Map(spans.map(({ spanId, name }) => [spanId, name]))
    const way: string[] = []
    const last = spans.find(({ name }) => name.startsWith('receive'))
    for (let id = last?.spanId; id !== undefined && names.has(id); id = parents.get(id)) way.unshift(names.get(id) ?? '')
    expect(way.map(name => name.split(' ').slice(0, 2).join(' '))).to.deep.equal([
      'send echo', 'hop to', 'hop from', 'process echo', 'send caller@node-1', 'hop to', 'hop from', 'receive caller',
    ])
    const conversations = spans.flatMap(({ attributes }) => attributes['messaging.message.conversation_id'] ?? [])
    expect(new Set(conversations).size).to.equal(1)
  })
})
