import { expect } from 'chai'
import fc from 'fast-check'
import { joinUserState, splitUserState } from '../../../../../plugins/cluster-swim/exchange/user-state.js'

const bytes = fc.uint8Array({ maxLength: 50 })
const plain = (part: Uint8Array | undefined): number[] | undefined => part === undefined ? undefined : [...part]

describe('the user state of a push/pull', () => {
  it('gives back Serf\'s part and ours', () => {
    fc.assert(fc.property(bytes, bytes, (serf, roster) => {
      const split = splitUserState(joinUserState(serf, roster))
      expect([plain(split.serf), plain(split.roster)]).to.deep.equal([[...serf], [...roster]])
    }))
  })

  it('is all Serf\'s where ours is missing or damaged', () => {
    fc.assert(fc.property(bytes, state => { expect(plain(splitUserState(state).serf)).to.deep.equal([...state]) }))
    const tooLong = Buffer.concat([Buffer.from([1, 2, 0, 0, 0, 3]), Buffer.from('CXR1')])
    expect(splitUserState(tooLong).roster).to.equal(undefined)
  })
})
