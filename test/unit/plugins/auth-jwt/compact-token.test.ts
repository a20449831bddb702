import { expect } from 'chai'
import fc from 'fast-check'
import { CredentialRefused } from '../../../../kernel/contract/index.js'
import { issuerIn, readToken } from '../../../../plugins/auth-jwt/compact-token.js'
import { partOf, TokenMaker, withPart } from '../../../support/tokens/token-maker.js'

const runs = process.env['CAXTON_TEST_LONG'] === '1' ? 100_000 : 1_000
const HEADER = { alg: 'ES256', typ: 'at+jwt', kid: 'one' }

const tokenOf = (header: unknown, payload: unknown, signature = 'c2ln'): string => `${partOf(header)}.${partOf(payload)}.${signature}`

/** Why a token is refused, without the words that name it. */
function refusal (token: string, largest = 8192): string {
  try {
    readToken(token, largest, 'it')
    return 'accepted'
  } catch (error) {
    if (!CredentialRefused.is(error)) throw error
    return error.details.because
  }
}

describe('A token in compact form', () => {
  it('is taken apart', () => {
    const text = tokenOf(HEADER, { iss: 'https://id.test', sub: 'ä' })
    expect(readToken(text, 8192, 'it')).to.deep.equal({
      text, alg: 'ES256', kid: 'one', typ: 'at+jwt', claims: { iss: 'https://id.test', sub: 'ä' },
    })
    expect(issuerIn(text)).to.equal('https://id.test')
  })

  for (const name of ['crit', 'jwk', 'jku', 'x5c', 'x5u', 'b64', 'enc', 'zip']) {
    it(`is refused with "${name}" in its header, whatever that holds`, () => {
      expect(refusal(tokenOf({ ...HEADER, [name]: null }, {}))).to.equal(`its header has "${name}"`)
    })
  }

  it('is refused with a header that is no JSON object of proper names', () => {
    const improper = [{}, { alg: 1 }, { alg: ['ES256'] }, { ...HEADER, kid: 1 }, { ...HEADER, kid: {} }, { ...HEADER, typ: 7 }]
    for (const header of [[], null, 'x', 1, ...improper]) {
      expect(refusal(tokenOf(header, {})), JSON.stringify(header)).to.match(/^its header/)
    }
    expect(refusal(`${Buffer.from('{"alg":"ES256"').toString('base64url')}.e30.c2ln`)).to.equal('its header is no JSON object')
  })

  it('is refused with a payload that is no JSON object in UTF-8', () => {
    for (const payload of [[], null, 'x', 1]) expect(refusal(tokenOf(HEADER, payload))).to.equal('its payload is no JSON object')
    const latin = Buffer.from('{"sub":"\u00e4"}', 'latin1').toString('base64url')
    expect(refusal(`${partOf(HEADER)}.${latin}.c2ln`)).to.equal('its payload is no JSON object')
  })

  it('is refused above the size that is allowed, and with a header or a key name above theirs', () => {
    const token = tokenOf(HEADER, { iss: 'https://id.test' })
    expect(refusal(token, token.length)).to.equal('accepted')
    expect(refusal(token, token.length - 1)).to.match(/^it has \d+ bytes, of at most/)
    expect(refusal(tokenOf({ ...HEADER, more: 'x'.repeat(1600) }, {}))).to.equal('its header is too long')
    expect(refusal(tokenOf({ ...HEADER, kid: 'x'.repeat(257) }, {}))).to.equal('its header names no proper key')
  })

  it('is refused in other numbers of parts, and in JSON', () => {
    const [header = '', payload = ''] = tokenOf(HEADER, {}).split('.')
    for (const text of [
      '', '.', '..', '...', header, `${header}.${payload}`, `${header}.${payload}.`, `.${payload}.c2ln`, `${header}..c2ln`,
      `${header}.${payload}.c2ln.`, `.${header}.${payload}.c2ln`, `${header}.${payload}.c2ln.c2ln.c2ln`,
      JSON.stringify({ protected: header, payload, signature: 'c2ln' }),
    ]) expect(refusal(text), text).to.equal('it is not written in canonical base64url')
  })

  describe('is refused when another text would mean the same bytes', () => {
    // 3 n + 1 and 3 n + 2 bytes leave bits over in the last letter.
    const changes: ReadonlyArray<readonly [how: string, change: (text: string) => string]> = [
      ['a space within', text => `${text.slice(0, 4)} ${text.slice(4)}`],
      ['a space before', text => ` ${text}`],
      ['a space behind', text => `${text} `],
      ['a line break within', text => `${text.slice(0, 4)}\n${text.slice(4)}`],
      ['a tab within', text => `${text.slice(0, 4)}\t${text.slice(4)}`],
      ['a NUL behind', text => `${text}\0`],
      ['padding', text => `${text}=`],
      ['padding in full', text => text.padEnd(text.length + (4 - text.length % 4), '=')],
      ['junk within', text => `${text.slice(0, 4)}!${text.slice(4)}`],
      ['junk behind', text => `${text}%`],
      ['stray bits in the last letter', text => strayBits(text)],
    ]
    for (const part of [0, 1, 2] as const) {
      for (const [how, change] of changes) {
        it(`by ${how} of part ${part + 1}`, async () => {
          const token = await (await TokenMaker.withKey('k')).token({ n: 'xx' })
          const hasSpare = part === 2 || (token.split('.')[part]?.length ?? 0) % 4 !== 0
          const lengthened = hasSpare ? token : withPart(token, part, text => lengthen(text))
          const changed = withPart(lengthened, part, change)
          expect(changed).not.to.equal(lengthened)
          expect(refusal(changed)).to.equal('it is not written in canonical base64url')
        })
      }
    }

    it('by the other alphabet', () => {
      const payload = { '?': '>>>???ÿÿÿ~~~' }
      const token = tokenOf(HEADER, payload)
      const other = withPart(token, 1, text => text.replaceAll('-', '+').replaceAll('_', '/'))
      expect(other).not.to.equal(token)
      expect(refusal(token)).to.equal('accepted')
      expect(refusal(other)).to.equal('it is not written in canonical base64url')
    })
  })

  it('is either refused by the declared error or written as it would be written again', () => {
    const part = fc.oneof(
      fc.base64String().map(text => text.replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')),
      fc.string(), fc.json().map(text => Buffer.from(text).toString('base64url')), fc.constantFrom(partOf(HEADER), partOf({ iss: 'a' })),
    )
    fc.assert(fc.property(fc.array(part, { maxLength: 5 }), parts => {
      const text = parts.join('.')
      const because = refusal(text)
      if (because === 'accepted') {
        expect(parts.map(one => Buffer.from(one, 'base64url').toString('base64url'))).to.deep.equal(parts)
        expect(parts).to.have.length(3)
      }
      expect(issuerIn(text)).to.satisfy((issuer: unknown) => issuer === undefined || typeof issuer === 'string')
    }), { numRuns: runs })
  })

  it('is never taken for another after any one change to it', async () => {
    const token = await (await TokenMaker.withKey('k')).token()
    const original = readToken(token, 8192, 'it')
    fc.assert(fc.property(fc.nat(token.length - 1), fc.nat(0xffff).map(code => String.fromCharCode(code)), (at, letter) => {
      const changed = token.slice(0, at) + letter + token.slice(at + 1)
      if (changed === token || refusal(changed) !== 'accepted') return
      const read = readToken(changed, 8192, 'it')
      const isSame = JSON.stringify({ ...read, text: '' }) === JSON.stringify({ ...original, text: '' })
      // What is read alike differs in the signature, of which every bit counts.
      if (isSame) expect(signatureOf(changed).equals(signatureOf(token))).to.equal(false)
    }), { numRuns: runs })
  })
})

const signatureOf = (token: string): Buffer => Buffer.from(token.split('.')[2] ?? '', 'base64url')

/** A part with one byte more, so that its last letter has bits to spare. */
const lengthen = (text: string): string => Buffer.from(`${Buffer.from(text, 'base64url').toString()} `).toString('base64url')

/** Another last letter that decodes to the same bytes. */
function strayBits (text: string): string {
  const bytes = Buffer.from(text, 'base64url')
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
  const other = letters.map(letter => text.slice(0, -1) + letter)
    .find(candidate => candidate !== text && Buffer.from(candidate, 'base64url').equals(bytes))
  return other ?? text
}
