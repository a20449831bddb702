import { expect } from 'chai'
import { canDownload, missingTools, toolsRemedy } from '../../../scripts/build-tools.mjs'
import { chooseHeaders } from '../../../scripts/node-headers.mjs'

const lookIn = folders => folder => folders[folder]

describe('the choice of Node headers', () => {
  const node = '/opt/node24/bin/node'

  it('leaves a setting alone that works', () => {
    expect(chooseHeaders({ setting: '/mine', node, major: 24, look: lookIn({ '/mine': 24, '/opt/node24': 24 }) })).to.equal(undefined)
  })

  it('prefers the folder of the running Node to a setting for another version', () => {
    expect(chooseHeaders({ setting: '/usr', node, major: 24, look: lookIn({ '/usr': 20, '/opt/node24': 24 }) })).to.equal('/opt/node24')
  })

  it('takes the headers of the system when they are of this version', () => {
    expect(chooseHeaders({ node: '/usr/bin/node', major: 20, look: lookIn({ '/usr': 20 }) })).to.equal('/usr')
  })

  it('names nothing when no headers fit: they have to be downloaded', () => {
    expect(chooseHeaders({ node, major: 24, look: lookIn({ '/usr': 20 }) })).to.equal(undefined)
  })
})

describe('the look for build tools', () => {
  const has = (...names) => name => names.includes(name)

  it('names those that are missing', () => {
    expect(missingTools(has('python3'))).to.deep.equal(['make', 'g++'])
    expect(missingTools(has('python3', 'make', 'clang++'))).to.deep.equal([])
  })

  it('says what to type on this kind of system', () => {
    expect(toolsRemedy(has('apk'))).to.include('apk add python3 make g++')
    expect(toolsRemedy(has())).to.include('C++ compiler')
  })

  it('believes in a download when it gets an answer, or when a proxy stands between', async () => {
    const fails = () => Promise.reject(new Error('ENOTFOUND'))
    expect(await canDownload({}, () => Promise.resolve({}))).to.equal(true)
    expect(await canDownload({}, fails)).to.equal(false)
    expect(await canDownload({ HTTPS_PROXY: 'http://proxy:3128' }, fails)).to.equal(true)
  })
})
