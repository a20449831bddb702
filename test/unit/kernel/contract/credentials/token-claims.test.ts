import { expect } from 'chai'
import fc from 'fast-check'
import { checkAudience, checkTimes, CredentialRefused, timesOf } from '../../../../../kernel/contract/index.js'

const refused = (act: () => unknown): boolean => {
  try {
    act()
    return false
  } catch (error) {
    if (!CredentialRefused.is(error)) throw error
    return true
  }
}

describe('The claims of a token', () => {
  it('are of their time from the beginning, the skew taken off, to just before the end, the skew added', () => {
    const second = fc.integer({ min: 0, max: 4_000_000_000 })
    const distance = fc.integer({ min: -600_000, max: 600_000 })
    fc.assert(fc.property(second, second, second, fc.nat(300_000), distance, (nbf, iat, exp, skew, off) => {
      for (const edge of [nbf, iat, exp]) {
        const now = edge * 1000 + off
        const isGood = now < exp * 1000 + skew && now >= nbf * 1000 - skew && now >= iat * 1000 - skew
        expect(refused(() => checkTimes({ exp, nbf, iat }, now, skew, 'it'))).to.equal(!isGood)
      }
    }))
  })

  it('that say nothing of time are of any', () => {
    expect(refused(() => checkTimes(timesOf({}, 'it'), 0, 0, 'it'))).to.equal(false)
  })

  it('are refused with times that are no numbers', () => {
    for (const value of [null, '1', {}, [], true, Infinity, NaN]) expect(refused(() => timesOf({ exp: value }, 'it'))).to.equal(true)
  })

  it('are for somebody if they name them, alone or among others, to the letter', () => {
    for (const aud of ['caxton', ['caxton'], ['a', 'caxton', 1]]) {
      expect(refused(() => checkAudience({ aud }, ['caxton', 'x'], 'it'))).to.equal(false)
    }
    for (const aud of [undefined, null, '', 'Caxton', 'caxton/', ['a'], [], [['caxton']], { caxton: 1 }, 1]) {
      expect(refused(() => checkAudience({ aud }, ['caxton'], 'it')), JSON.stringify(aud)).to.equal(true)
    }
  })
})
