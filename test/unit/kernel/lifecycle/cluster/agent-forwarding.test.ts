import { expect } from 'chai'
import { create, toBinary } from '@bufbuild/protobuf'
import {
  AgentManifestSchema, InspectAgentRequestSchema, RemoveAgentRequestSchema, type PeerHandlers, type SecurityEvent,
} from '../../../../../kernel/contract/index.js'
import type { AgentsHere } from '../../../../../kernel/lifecycle/agents/agents-here.js'
import { AgentForwarding } from '../../../../../kernel/lifecycle/cluster/agent-forwarding.js'
import { encodePair, encodeQuestion } from '../../../../../kernel/lifecycle/cluster/agent-question.js'
import { AgentNotFound } from '../../../../../kernel/routing/routing-errors.js'

describe('an operation on an agent that another node sends here', () => {
  let handlers: PeerHandlers
  let noted: Array<Omit<SecurityEvent, 'event'>>
  let isLeaving: boolean

  const here: Pick<AgentsHere, 'inspect' | 'remove' | 'deploy'> = {
    inspect: async () => ({}),
    remove: async ({ name }) => {
      if (name === 'nobody') throw AgentNotFound({ name })
      return {}
    },
    deploy: async () => ({}),
  }

  beforeEach(() => {
    noted = []
    isLeaving = false
    const unasked = async (): Promise<never> => { throw new Error('nobody asks for it') }
    const others = { start: unasked, stop: unasked, promote: unasked, rollback: unasked, quarantine: unasked, release: unasked }
    void new AgentForwarding({
      self: 'node-1', here: { ...others, ...here }, isLeaving: () => isLeaving,
      peers: { channel: (_, asked) => { handlers = asked; return { send: () => true, ask: async () => new Uint8Array(0) } } },
      events: { note: event => noted.push(event) },
    })
  })

  const ask = async (what: string, body: Uint8Array): Promise<unknown> =>
    await handlers.asked?.('node-2', encodeQuestion({ what, caller: 'alice', body }), new AbortController().signal)
  const remove = (name: string): Uint8Array => toBinary(RemoveAgentRequestSchema, create(RemoveAgentRequestSchema, { name }))

  it('is on record with who wanted it and through which node, with its result', async () => {
    await ask('remove', remove('shop'))
    await ask('deploy', encodePair(toBinary(AgentManifestSchema, create(AgentManifestSchema, { name: 'bank' })), new Uint8Array(0)))
    expect(noted).to.deep.equal([
      { what: 'operation-for-node', resource: 'shop', result: 'ok', because: 'remove for alice, through node-2' },
      { what: 'operation-for-node', resource: 'bank', result: 'ok', because: 'deploy for alice, through node-2' },
    ])
  })

  it('is on record when it fails, with the reason', async () => {
    const error = await ask('remove', remove('nobody')).catch((caught: unknown) => caught)
    expect(error).to.have.property('code', 'AGENT_NOT_FOUND')
    expect(noted).to.deep.equal([
      { what: 'operation-for-node', resource: 'nobody', result: 'refused', because: 'remove for alice, through node-2: AGENT_NOT_FOUND' },
    ])
  })

  it('is not on record when it only looks', async () => {
    await ask('inspect', toBinary(InspectAgentRequestSchema, create(InspectAgentRequestSchema, { name: 'shop' })))
    expect(noted).to.deep.equal([])
  })
})
