import { expect } from 'chai'
import fc from 'fast-check'
import { isCaxtonError } from '../../../../kernel/contract/index.js'
import { checkCredentials } from '../../../../plugins/identity-files/credential-check.js'

const PATHS = { key: 'node.key', chain: 'node.crt', trust: 'trust.crt' }

/** Text that looks like PEM more often than chance would have it. */
const pem = fc.oneof(
  fc.string(),
  fc.tuple(fc.constantFrom('CERTIFICATE', 'PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY'), fc.base64String())
    .map(([label, body]) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`),
)

describe('checkCredentials', () => {
  it('refuses whatever files may hold with a declared error that names one of them', () => {
    fc.assert(fc.property(pem, pem, pem, (key, chain, trust) => {
      try {
        checkCredentials({ key, chain, trust }, PATHS)
        expect.fail('nonsense passed')
      } catch (error) {
        if (!isCaxtonError(error)) throw error
        expect(error.code).to.match(/^IDENTITY_/)
        expect(error.message).to.match(/node\.key|node\.crt|trust\.crt/)
      }
    }), { numRuns: 300 })
  })

  it('does not quote the key', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0LXNlY3JldA==\n-----END PRIVATE KEY-----\n'
    try {
      checkCredentials({ key, chain: '', trust: '' }, PATHS)
      expect.fail('nonsense passed')
    } catch (error) {
      expect(String(error)).not.to.contain('c2VjcmV0')
    }
  })
})
