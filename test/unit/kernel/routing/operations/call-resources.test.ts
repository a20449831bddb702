import { create, getOption, type DescMethod, type MessageInitShape } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { Agents, DeadLetters, Messages, operation } from '../../../../../kernel/contract/index.js'
import { CallResources } from '../../../../../kernel/routing/operations/call-resources.js'
import { serviceProblems } from '../../../../../kernel/routing/operations/operation-registry.js'
import { strangerService } from '../../../../support/stranger-service.js'

/** What a request of an operation is about, as its descriptor says. */
function about<M extends DescMethod> (method: M, request: MessageInitShape<M['input']>): readonly string[] {
  const resources = CallResources.of(getOption(method, operation).resources, method.input)
  if (typeof resources === 'string') throw new Error(resources)
  return resources.in(create(method.input, request))
}

const { send } = Messages.method
const { deploy } = Agents.method

describe('resources of a call', () => {
  it('are everything when the request names nothing', () => {
    expect(about(send, {})).to.deep.equal([''])
    expect(about(DeadLetters.method.replay, { filter: { agent: 'ann' } })).to.deep.equal([''])
  })

  it('are all receivers of a message, and whoever is to be answered', () => {
    const message = {
      receiver: 'ann', receivers: [{ name: 'bob' }, { name: '' }, { name: 'eve' }], replyTo: 'joe', replyToSet: [{ name: 'sue' }],
    }
    expect(about(send, { message })).to.deep.equal(['ann', 'bob', 'eve', 'joe', 'sue'])
  })

  it('tell a topic and a capability from agents of that name', () => {
    expect(about(send, { toTopic: 'prices' })).to.deep.equal(['topic:prices'])
    expect(about(send, { toCapability: 'one:painting' })).to.deep.equal(['capability:one:painting'])
  })

  it('are everything where the request hides them in a text that nobody has read yet', () => {
    expect(about(send, { acl: new Uint8Array([40]) })).to.deep.equal(['*'])
    expect(about(send, { message: { receiver: 'ann' }, acl: new Uint8Array([40]) })).to.deep.equal(['ann', '*'])
  })

  it('are found behind a choice, and only behind the one that was taken', () => {
    expect(about(deploy, { part: { case: 'manifest', value: { name: 'ann' } } })).to.deep.equal(['ann'])
    expect(about(deploy, { part: { case: 'chunk', value: new Uint8Array(3) } })).to.deep.equal([''])
  })

  it('cover the replicas that a deployment makes of a name', () => {
    const manifest = { name: 'ann', placement: { replicas: 3 } }
    expect(about(deploy, { part: { case: 'manifest', value: manifest } })).to.deep.equal(['ann', 'ann-*'])
  })

  it('are all that begins so where the request has a prefix', () => {
    expect(about(Agents.method.list, { prefix: 'team-a-' })).to.deep.equal(['team-a-*'])
    expect(about(Agents.method.list, {})).to.deep.equal([''])
  })

  it('are everything once a request names more than a thousand', () => {
    const agents = Array.from({ length: 1_001 }, (_, number) => `agent-${number}`)
    expect(about(Messages.method.watch, { agents: agents.slice(1) })).to.have.length(1_000)
    expect(about(Messages.method.watch, { agents })).to.deep.equal([''])
  })

  it('are refused where a descriptor names them in a way that can\'t be read', () => {
    const problemsOf = (resource: string): string[] =>
      serviceProblems(strangerService([{ name: 'Tick', right: 'x:y', resources: [resource] }])).map(({ message }) => message)
    const start = 'the resources of the operation "acme.v1.Clockwork/Tick" can\'t be read: '
    expect(problemsOf('{name}')).to.deep.equal([])
    expect(problemsOf('{nme}')).to.deep.equal([`${start}acme.v1.Note has no field "nme"`])
    expect(problemsOf('{name.first}')).to.deep.equal([`${start}acme.v1.Note has no field "name.first"`])
    expect(problemsOf('{count}')).to.deep.equal([`${start}"count" is no text`])
    expect(problemsOf('* if cuont')).to.deep.equal([`${start}acme.v1.Note has no field "cuont"`])
    expect(problemsOf('everything')).to.deep.equal([`${start}"everything" names no field`])
    expect(problemsOf('{name')[0]).to.contain('is not a text with one {field} in it')
  })
})
