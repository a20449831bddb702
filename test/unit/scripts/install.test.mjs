import { expect } from 'chai'
import { decideInstall, installStamp, matchesLock } from '../../../scripts/install.mjs'
import { explainFailure } from '../../../scripts/install-failure.mjs'

const never = () => { throw new Error('looked at the packages without need') }

describe('the decision to install', () => {
  it('does nothing when the stamp is right, without looking any further', () => {
    expect(decideInstall({ folder: 'present', stamp: 'a', wanted: 'a', isAsLocked: never }).action).to.equal('nothing')
  })

  it('installs when there is nothing', () => {
    const { action, reason } = decideInstall({ folder: 'missing', stamp: undefined, wanted: 'a', isAsLocked: never })
    expect(action).to.equal('install')
    expect(reason).to.equal('nothing is installed yet')
  })

  it('never touches a node_modules that is a link', () => {
    expect(decideInstall({ folder: 'link', stamp: 'b', wanted: 'a', isAsLocked: never }).action).to.equal('nothing')
  })

  it('accepts what somebody installed by hand as the lock wants it', () => {
    const found = decideInstall({ folder: 'present', stamp: undefined, wanted: 'a', isAsLocked: () => true })
    expect(found.action).to.equal('adopt')
  })

  it('installs again when the lock or Node has changed, and says so', () => {
    const found = decideInstall({ folder: 'present', stamp: 'b', wanted: 'a', isAsLocked: () => false })
    expect(found).to.deep.equal({ action: 'install', reason: 'the lock file or Node has changed' })
  })

  it('depends on the lock, on the system and on the binary interface of Node', () => {
    const here = { platform: 'linux', arch: 'x64', modules: '115' }
    const stamps = [
      installStamp('lock', here), installStamp('other', here), installStamp('lock', { ...here, modules: '137' }),
      installStamp('lock', { ...here, arch: 'arm64' }), installStamp('lock', { ...here, platform: 'darwin' }),
    ]
    expect(new Set(stamps)).to.have.lengthOf(5)
  })
})

describe('the comparison of a lock with what is installed', () => {
  const lock = { packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', optional: true } } }

  it('accepts the same versions, and optional packages that are not there', () => {
    expect(matchesLock(lock, { packages: { 'node_modules/a': { version: '1.0.0' } } })).to.equal(true)
  })

  it('refuses another version, also of an optional package, and a missing package', () => {
    const a = { version: '1.0.0' }
    expect(matchesLock(lock, { packages: { 'node_modules/a': { version: '1.0.1' } } })).to.equal(false)
    expect(matchesLock(lock, { packages: { 'node_modules/a': a, 'node_modules/b': { version: '2.1.0' } } })).to.equal(false)
    expect(matchesLock(lock, { packages: {} })).to.equal(false)
  })
})

describe('the explanation of a failed installation', () => {
  const cases = [
    ['npm error code EUSAGE', /do not fit together/, /renew-lock/],
    ['gyp ERR! find Python You need to install', /build tool is missing/, /Install/],
    ['make: g++: No such file or directory\ngyp ERR! build error', /build tool is missing/, /Install/],
    ['gyp ERR! stack getaddrinfo ENOTFOUND nodejs.org', /headers of Node/, /npm_config_nodedir/],
    ['gyp ERR! build error', /could not be compiled\.$/, /log/],
    ['npm error network request failed, reason: getaddrinfo EAI_AGAIN registry.npmjs.org', /registry could not be reached/, /proxy/],
    ['npm error code E404', /does not have a package/, /registry/],
    ['npm error nospc ENOSPC: no space left on device', /disk is full/, /500 MB/],
  ]
  for (const [output, sentence, remedy] of cases) {
    it(`understands "${output.split('\n')[0]}"`, () => {
      const found = explainFailure(`npm warn something\n${output}\n`)
      expect(found.sentence).to.match(sentence)
      expect(found.remedy).to.match(remedy)
    })
  }

  it('shows the end of what it does not understand', () => {
    expect(explainFailure('one\ntwo\nit broke\n').remedy).to.equal('one\ntwo\nit broke')
  })
})
