import { expect } from 'chai'
import { FRAME } from '../../../../../kernel/contract/index.js'
import { Directory } from '../../../../../kernel/routing/directory/directory.js'
import { CONDITION, RouteTable, routeTableBuffer } from '../../../../../kernel/routing/directory/route-table.js'
import { encodeFrame, viewOf } from '../../../../../kernel/routing/frames/frame.js'
import { RemoteAgents } from '../../../../../kernel/routing/remote/remote-agents.js'
import { ELSEWHERE, RemotePost } from '../../../../../kernel/routing/remote/remote-post.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

const HERE = 3n << 56n
const THERE = HERE | BigInt(ELSEWHERE) << 56n

describe('a message to another node that can’t be sent', () => {
  for (const isTaken of [true, false]) {
    for (const [where, conversation] of [['of this node', HERE], ['of the other', THERE], ['of none', 0n]] as const) {
      it(`goes back as it came, ${isTaken ? 'after it had waited' : 'at once'}, with the conversation ${where}`, async () => {
        const directory = new Directory(new RouteTable(routeTableBuffer()), () => {})
        const agents = new RemoteAgents(directory, { add: () => {}, remove: () => {}, gone: () => {} }, () => 0)
        agents.list('far', 'north', { claim: 1, delivery: 0, condition: CONDITION.running })
        const [sender, receiver] = [directory.enter('near'), agents.ofName('far')?.address]
        const bounced: Uint8Array[] = []
        let lose: () => void = () => {}
        const post = new RemotePost({
          self: 'here', agents, directory, clock: new VirtualClock(), log: new RecordingLogger(), claimOf: () => 7, policy: () => undefined,
          post: { arrive: () => {}, forward: () => undefined, bounce: frame => { bounced.push(frame) } },
          arrivals: { arrive: () => {} }, outcomes: { settle: () => {} },
          send: (_, bytes, lost) => {
            const kept = bytes.slice()
            lose = () => lost(kept)
            return isTaken
          },
        })
        if (sender === undefined || receiver === undefined) throw new Error('the directory is full')
        const frame = encodeFrame({ act: 'request', sender, receiver, conversation, fields: {}, content: Uint8Array.of(1, 2, 3) })
        const passing = frame.slice()
        post.receive(passing, viewOf(passing))
        passing.fill(0)
        if (isTaken) lose()
        await settled()
        viewOf(frame).setUint32(FRAME.claimEpoch, 7, true)
        expect(bounced).to.deep.equal([frame])
      })
    }
  }
})
