import { expect } from 'chai'
import { JwtScene, TERMS } from '../../../support/tokens/jwt-scene.js'
import { keySetOf, TokenMaker } from '../../../support/tokens/token-maker.js'

const { refresh, keep, retry } = TERMS
const UNKNOWN = 'it is signed with a key that the issuer does not have'
/** Tokens that outlive every wait here. */
const LONG = { exp: Date.UTC(2031, 0, 1) / 1000 }

describe('The keys of an issuer', () => {
  let old: TokenMaker
  let young: TokenMaker
  let scene: JwtScene

  before(async () => { [old, young] = await Promise.all([TokenMaker.withKey('old'), TokenMaker.withKey('young')]) })

  beforeEach(async () => {
    scene = new JwtScene(keySetOf(old))
    await scene.ring.start()
  })

  afterEach(async () => {
    await scene.ring.stop()
    expect(scene.clock.pending).to.equal(0)
  })

  it('are read anew at once when a token names one that is not there', async () => {
    await scene.clock.pass(retry)
    scene.published.text = keySetOf(old, young)
    expect(await scene.refusal(await young.token())).to.equal('accepted')
    expect(scene.published.readings).to.equal(2)
  })

  it('are not read more often for tokens with invented keys, however many there are', async () => {
    await scene.clock.pass(retry)
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => old.token({}, { kid: `invented-${index}` })))
    expect(new Set(await Promise.all(tokens.map(token => scene.refusal(token))))).to.deep.equal(new Set([UNKNOWN]))
    for (const token of tokens) expect(await scene.refusal(token)).to.equal(UNKNOWN)
    expect(scene.published.readings).to.equal(2)
    await scene.clock.pass(retry)
    expect(await scene.refusal(tokens[0] ?? '')).to.equal(UNKNOWN)
    expect(scene.published.readings).to.equal(3)
  })

  it('no longer hold once they were read anew and are gone from the set', async () => {
    const token = await old.token(LONG)
    const { generation } = scene.ring
    scene.published.text = keySetOf(young)
    expect(await scene.refusal(token)).to.equal('accepted')
    await scene.clock.pass(refresh)
    expect(await scene.refusal(token)).to.equal(UNKNOWN)
    expect(scene.ring.generation).to.be.above(generation)
  })

  it('keep their generation while they are read anew and stay the same', async () => {
    const { generation } = scene.ring
    await scene.clock.pass(3 * refresh)
    expect(scene.published.readings).to.equal(4)
    expect(scene.ring.generation).to.equal(generation)
  })

  it('hold for a while when they can not be read anew, then none does, until they can be read again', async () => {
    const token = await old.token(LONG)
    scene.published.down = 'the connection was refused'
    await scene.clock.pass(keep)
    expect(await scene.refusal(token)).to.equal('accepted')
    expect(scene.ring.trouble()).to.equal('the connection was refused')
    await scene.clock.pass(1)
    expect(await scene.refusal(token)).to.equal('the keys in https://id.test/keys could not be read for too long')
    scene.published.down = undefined
    await scene.clock.pass(retry)
    expect(await scene.refusal(token)).to.equal('accepted')
    expect(scene.ring.trouble()).to.equal(undefined)
    expect(scene.events).to.deep.equal(['issuer-keys-replaced', 'issuer-keys-unreadable', 'issuer-keys-readable'])
  })

  it('hold although what was published became unusable, which is said once', async () => {
    const token = await old.token(LONG)
    scene.published.text = '<html>maintenance</html>'
    await scene.clock.pass(refresh + 5 * retry)
    expect(await scene.refusal(token)).to.equal('accepted')
    expect(scene.ring.trouble()).to.equal('it is neither a JWK set nor PEM')
    expect(scene.events).to.deep.equal(['issuer-keys-replaced', 'issuer-keys-unreadable'])
  })

  it('are tried for after a start without them', async () => {
    const late = new JwtScene(keySetOf(old))
    late.published.down = 'no answer within 5000 ms'
    await late.ring.start()
    expect(await late.refusal(await old.token())).to.equal('the keys in https://id.test/keys could not be read for too long')
    late.published.down = undefined
    await late.clock.pass(retry)
    expect(await late.refusal(await old.token())).to.equal('accepted')
    await late.ring.stop()
  })

  it('are no longer read after the end, not even by a reading that was under way', async () => {
    const { readings } = scene.published
    await scene.clock.pass(refresh - 1)
    scene.clock.advance(1)
    await scene.ring.stop()
    await scene.clock.pass(10 * refresh)
    expect(scene.published.readings).to.equal(readings + 1)
    expect(scene.ring.trouble()).to.equal(undefined)
  })
})
