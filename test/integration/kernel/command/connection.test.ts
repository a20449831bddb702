import { chmodSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { isCaxtonError, type ConnectorTarget } from '../../../../kernel/contract/index.js'
import { openTarget } from '../../../../kernel/command/connection.js'
import { pem } from '../../../support/certificates.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

describe('connection', () => {
  let folder: TemporaryFolder
  beforeEach(() => { folder = new TemporaryFolder() })
  afterEach(() => { folder.remove() })

  const keep = (name: string, text: string, mode = 0o600): string => {
    writeFileSync(folder.file(name), text)
    chmodSync(folder.file(name), mode)
    return name
  }
  const target = (options: Record<string, string>, environment: Record<string, string> = {}): Promise<ConnectorTarget> =>
    openTarget({
      option: name => options[name], environment, workingFolder: folder.path,
      clock: new VirtualClock(), signal: new AbortController().signal,
    })
  const bearer = async (options: Record<string, string>, environment: Record<string, string> = {}): Promise<string | undefined> =>
    (await target(options, environment)).bearer?.reveal()
  const refusal = async (options: Record<string, string>, environment: Record<string, string> = {}): Promise<string> => {
    const error: unknown = await target(options, environment).then(() => undefined, (reason: unknown) => reason)
    if (!isCaxtonError(error)) throw new Error(`no declared error: ${String(error)}`)
    return `${error.code} ${error.message}`
  }

  it('takes a token from the file that the line names, else from the environment, else from the file that it names', async () => {
    const [line, environment] = [keep('line', 'from-line\n'), keep('environment', ' from-file \r\n')]
    const all = { CAXTON_TOKEN: 'from-variable', CAXTON_TOKEN_FILE: environment }
    expect(await bearer({ 'token-file': line }, all)).to.equal('from-line')
    expect(await bearer({}, all)).to.equal('from-variable')
    expect(await bearer({}, { ...all, CAXTON_TOKEN: '' })).to.equal('from-file')
    expect(await bearer({}, { CAXTON_TOKEN: '', CAXTON_TOKEN_FILE: '' })).to.equal(undefined)
  })

  it('shows a token in no text form', async () => {
    const found = await target({}, { CAXTON_TOKEN: 'very-secret' })
    expect(`${JSON.stringify(found)} ${String(found.bearer)}`).not.to.include('very-secret')
  })

  it('refuses a token file that others than its owner may use, whatever the right', async () => {
    for (const mode of [0o640, 0o604, 0o620, 0o601]) {
      expect(await refusal({ 'token-file': keep('token', 'secret', mode) })).to.match(/^COMMAND_FILE_EXPOSED .*mode is 6/)
    }
  })

  it('refuses what is no token without repeating it', async () => {
    for (const text of [' \n', 'two words', 'two\nlines', 'schlüssel', `${'x'.repeat(16_385)}`, 'a\0b']) {
      const said = await refusal({}, { CAXTON_TOKEN: text })
      expect(said).to.match(/^COMMAND_CREDENTIAL_INVALID the token in CAXTON_TOKEN/)
      if (text.trim() !== '') expect(said).not.to.include(text)
    }
  })

  it('says which token file can not be read, and why', async () => {
    expect(await refusal({ 'token-file': 'missing' })).to.match(/^COMMAND_FILE_UNREADABLE .*missing: there is no such file/)
    expect(await refusal({ 'token-file': '.' })).to.match(/^COMMAND_FILE_UNREADABLE .*: it is not a file/)
    expect(await refusal({ 'token-file': keep('large', 'x'.repeat(1024 * 1024 + 1)) })).to.match(/^COMMAND_FILE_UNREADABLE .*1048577 bytes/)
  })

  it('takes a certificate with its key, over TLS only', async () => {
    keep('ca.pem', pem('authority.pem'))
    const files = { 'client-cert': keep('client.pem', pem('client.pem'), 0o644), 'client-key': keep('client.key', pem('client.key')) }
    const found = await target({ ...files, ca: 'ca.pem' })
    expect(found.certificate?.chain).to.equal(pem('client.pem'))
    expect(found.certificate?.key.reveal()).to.equal(pem('client.key'))
    expect(await refusal(files)).to.match(/^COMMAND_OPTION_MISUSED .*--client-cert.* needs `--ca`/)
    expect(await refusal({ 'client-cert': 'client.pem', ca: 'ca.pem' })).to.match(/^COMMAND_OPTION_MISUSED .*needs `--client-key`/)
    expect(await refusal({ 'client-key': 'client.key', ca: 'ca.pem' })).to.match(/^COMMAND_OPTION_MISUSED .*needs `--client-cert`/)
  })

  it('refuses a key that is another\'s, exposed or none at all', async () => {
    const files = { ca: keep('ca.pem', pem('authority.pem')), 'client-cert': keep('client.pem', pem('client.pem'), 0o644) }
    const withKey = (text: string, mode = 0o600): Promise<string> => refusal({ ...files, 'client-key': keep('a.key', text, mode) })
    expect(await withKey(pem('node.key'))).to.match(/^COMMAND_CREDENTIAL_INVALID .*not the key of the certificate/)
    expect(await withKey('nothing')).to.match(/^COMMAND_CREDENTIAL_INVALID .*no key in PEM/)
    expect(await withKey(pem('client.key'), 0o644)).to.match(/^COMMAND_FILE_EXPOSED/)
    expect(await refusal({ ca: 'ca.pem', 'client-cert': keep('b', 'x'), 'client-key': keep('c', 'x') })).to.match(/no certificate in PEM/)
  })
})
