import { expect } from 'chai'
import type { MemberChange } from '../../../../kernel/contract/index.js'
import { Narrator } from '../../../../plugins/cluster-swim/narrator.js'
import { memberOf } from '../../../support/cluster/stand-in-membership.js'
import { RecordingLogger } from '../../../support/recording-logger.js'

describe('Narrator', () => {
  const told = (...changes: ReadonlyArray<readonly [MemberChange['kind'], string]>): string[] => {
    const log = new RecordingLogger()
    const narrator = new Narrator(log)
    for (const [kind, because] of changes) narrator.changed({ kind, member: memberOf('node-2'), because })
    return log.lines.map(({ level, message }) => `${level} ${message}`)
  }

  it('tells that a dead node is back, and of one that was only suspected neither the one nor the other', () => {
    expect(told(['suspected', 'it does not answer this node'], ['back', 'it answered'])).to.deep.equal([
      'debug node "node-2" is suspected to be dead: it does not answer this node', 'debug node "node-2" is back: it answered',
    ])
    expect(told(['died', 'it stayed silent'], ['back', 'it is heard again'])).to.deep.equal([
      'warn node "node-2" is dead: it stayed silent', 'info node "node-2" is back: it is heard again',
    ])
  })
})
