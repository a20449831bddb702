import { expect } from 'chai'
import { Oauth2Scene, OAUTH2 } from '../../../support/tokens/oauth2-scene.js'

const { cache_time: KEPT, negative_cache_time: REFUSED, retry: RETRY } = OAUTH2
const INACTIVE = { status: 200, body: '{"active":false}' }

describe('Tokens that were asked about', () => {
  let scene: Oauth2Scene

  beforeEach(() => { scene = new Oauth2Scene() })
  afterEach(async () => {
    await scene.tokens.stop()
    expect(scene.clock.pending).to.equal(0)
  })

  it('are asked about once while the answer may be believed', async () => {
    expect(await scene.find('alice')).to.equal('alice')
    scene.clock.advance(KEPT - 1)
    expect(await scene.find('alice')).to.equal('alice')
    expect(scene.provider.asked).to.have.length(1)
    scene.clock.advance(1)
    expect(await scene.find('alice')).to.equal('alice')
    expect(scene.provider.asked).to.have.length(2)
  })

  it('are refused once they were withdrawn and the last answer is too old', async () => {
    await scene.find('alice')
    scene.provider.answer = () => INACTIVE
    scene.clock.advance(KEPT - 1)
    expect(await scene.find('alice')).to.equal('alice')
    scene.clock.advance(1)
    expect(await scene.find('alice')).to.equal('it is refused: unknown')
  })

  it('stay refused for a while without a question, whether unknown or no good', async () => {
    scene.provider.answer = token => token === 'x' ? INACTIVE : { status: 200, body: '{"active":true}' }
    for (const [token, because] of [['x', 'unknown'], ['y', 'nobody\'s']] as const) {
      const before = scene.provider.asked.length
      for (let times = 0; times < 5; times++) expect(await scene.find(token)).to.equal(`it is refused: ${because}`)
      expect(scene.provider.asked).to.have.length(before + 1)
    }
    scene.clock.advance(REFUSED)
    await scene.find('x')
    expect(scene.provider.asked).to.have.length(3)
  })

  it('are not driven out by others that nobody knows', async () => {
    scene = new Oauth2Scene({ cache_entries: 2 })
    await scene.find('alice')
    scene.provider.answer = () => INACTIVE
    for (let times = 0; times < 50; times++) await scene.find(`invented-${times}`)
    expect(await scene.find('alice')).to.equal('alice')
  })

  it('are asked about once for all who wait', async () => {
    scene.provider.hold()
    const finding = Array.from({ length: 10 }, () => scene.find('alice'))
    await scene.provider.release()
    expect(new Set(await Promise.all(finding))).to.deep.equal(new Set(['alice']))
    expect(scene.provider.asked).to.have.length(1)
  })

  it('are refused beyond as many questions at once as there may be', async () => {
    scene.provider.hold()
    const finding = ['a', 'b', 'c'].map(token => scene.find(token))
    expect(await scene.find('d')).to.equal('id.test could not be asked about a token: 3 questions wait for its answer already')
    await scene.provider.release()
    expect(await Promise.all(finding)).to.deep.equal(['a', 'b', 'c'])
    expect(await scene.find('d')).to.equal('d')
  })

  it('are good no longer than before when the provider is away, and refused at once for a moment after each failure', async () => {
    await scene.find('alice')
    scene.provider.down = 'the connection was refused'
    scene.clock.advance(KEPT - 1)
    expect(await scene.find('alice')).to.equal('alice')
    scene.clock.advance(1)
    expect(await scene.find('alice')).to.equal('id.test could not be asked about a token: the connection was refused')
    expect(scene.tokens.trouble()).to.equal('the connection was refused')
    const { length } = scene.provider.asked
    for (const token of ['alice', 'bob']) expect(await scene.find(token)).to.match(/it failed a moment ago .* and is left alone$/)
    expect(scene.provider.asked).to.have.length(length)
    scene.provider.down = undefined
    scene.clock.advance(RETRY)
    expect(await scene.find('alice')).to.equal('alice')
    expect(scene.tokens.trouble()).to.equal(undefined)
    expect(scene.events).to.deep.equal(['token-provider-failed', 'token-provider-answers'])
  })

  it('are not waited for by those who left, and asked about further for the others', async () => {
    scene.provider.hold()
    const leaving = new AbortController()
    const [left, stayed] = [scene.find('alice', leaving.signal), scene.find('alice')]
    leaving.abort(new Error('gone'))
    expect(await left).to.equal('gone')
    await scene.provider.release()
    expect(await stayed).to.equal('alice')
    expect(await scene.find('alice', leaving.signal)).to.equal('gone')
  })

  it('are not waited for after the end', async () => {
    scene.provider.hold()
    const finding = scene.find('alice')
    await scene.tokens.stop()
    expect(await finding).to.match(/called off/)
  })
})
