import { expect } from 'chai'
import type { SecurityEvent } from '../../../../../kernel/contract/index.js'
import { noteMembers } from '../../../../../kernel/lifecycle/cluster/member-events.js'
import { memberOf, StandInMembership } from '../../../../support/cluster/stand-in-membership.js'

describe('the events of members', () => {
  it('note who comes to the cluster and who no longer belongs to it, until they end', () => {
    const membership = new StandInMembership([memberOf('node-1')])
    const noted: Array<Omit<SecurityEvent, 'event'>> = []
    const over = new AbortController()
    noteMembers(membership, { note: event => { noted.push(event) } }, over.signal)
    const happen = (kind: 'joined' | 'suspected' | 'died' | 'removed', because = ''): void => {
      membership.happen({ kind, member: memberOf('node-2'), because })
    }
    happen('joined')
    happen('suspected')
    happen('died')
    happen('removed', 'an operator removed it')
    over.abort()
    happen('joined')
    expect(noted).to.deep.equal([
      { what: 'node-joined', resource: 'node-2', result: 'ok' },
      { what: 'node-removed', resource: 'node-2', result: 'ok', because: 'an operator removed it' },
    ])
    expect(membership.listeners).to.equal(0)
  })
})
