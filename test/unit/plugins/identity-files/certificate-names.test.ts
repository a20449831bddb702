import { expect } from 'chai'
import fc from 'fast-check'
import { isCaxtonError } from '../../../../kernel/contract/index.js'
import { authorityName, certificateNames } from '../../../../plugins/identity-files/certificate-names.js'
import { anyText } from '../../../support/command/any-text.js'

const codeOf = (act: () => unknown): string => {
  try {
    act()
    return 'taken'
  } catch (error) {
    if (!isCaxtonError(error)) throw error
    return error.code
  }
}

describe('certificateNames', () => {
  it('are the node\'s id, its hosts and its own machine, each once', () => {
    expect(certificateNames('node-1', ['node-1.example.com', '10.0.0.1', 'localhost', 'node-1', '::1'])).to.deep.equal([
      { kind: 'dns', value: 'node-1' }, { kind: 'dns', value: 'node-1.example.com' }, { kind: 'ip', value: '10.0.0.1' },
      { kind: 'dns', value: 'localhost' }, { kind: 'ip', value: '::1' }, { kind: 'ip', value: '127.0.0.1' },
    ])
  })

  it('take an address for an address, and an id for a name whatever it looks like', () => {
    expect(certificateNames('10.0.0.1', ['10.0.0.2', 'fe80::2'])[0]).to.deep.equal({ kind: 'dns', value: '10.0.0.1' })
    expect(certificateNames('n', ['fe80::2'])[1]).to.deep.equal({ kind: 'ip', value: 'fe80::2' })
  })

  for (const id of ['', '-a', '.a', '../a', 'a/b', 'a b', 'a\n', 'ä', 'a'.repeat(65), 'a,CN=b', '*']) {
    it(`refuse a node called ${JSON.stringify(id.slice(0, 8))}`, () => {
      expect(codeOf(() => certificateNames(id, []))).to.equal('CERTIFICATE_NAME_INVALID')
    })
  }

  for (const host of ['', '*.example.com', 'a..b', '-a', 'a-', 'a b', 'http://a', 'a:80', 'fe80::1%eth0', `${'a'.repeat(64)}.b`, 'a.'.repeat(127)]) {
    it(`refuse a host called ${JSON.stringify(host.slice(0, 14))}`, () => {
      expect(codeOf(() => certificateNames('n', [host]))).to.equal('CERTIFICATE_NAME_INVALID')
    })
  }

  it('are taken or refused by a declared error, whatever was typed', () => {
    fc.assert(fc.property(anyText(80), anyText(80), (id, host) => {
      expect(['taken', 'CERTIFICATE_NAME_INVALID']).to.include(codeOf(() => certificateNames(id, [host])))
      expect(['taken', 'CERTIFICATE_NAME_INVALID']).to.include(codeOf(() => authorityName(id)))
    }))
  })
})
