import { expect } from 'chai'
import { Secret } from '../../../../../kernel/contract/index.js'
import { CollectedFiles } from '../../../../../kernel/lifecycle/diagnostics/collected-files.js'
import { LogTail } from '../../../../../kernel/observability/log-tail.js'

describe('what a server collects of itself', () => {
  const node = { nodeId: 'node-1', zone: 'a', dataDirectory: '/data', startedAt: 0, version: '0.1.0' }

  const collected = (configuration: object, message = ''): Map<string, string> => {
    const tail = new LogTail()
    tail.add({ at: 0, level: 'info', part: 'login', message, fields: { count: 1 } })
    const files = new CollectedFiles({ node, configurationFile: '/etc/caxton.toml', configuration, tail, counters: () => [] })
    return new Map(Array.from(files.all(), ({ name, text }) => [name, text]))
  }

  it('is the configuration in force, without secrets, whatever their keys are called', () => {
    const files = collected({ plugins: { login: { url: 'https://a.test', word: new Secret('open "sesame"'), more: [new Secret('hunter22')] } } })
    expect(JSON.parse(files.get('configuration.json') ?? '')).to.deep.equal({
      file: '/etc/caxton.toml', plugins: { login: { url: 'https://a.test', word: '[secret]', more: ['[secret]'] } },
    })
  })

  it('holds no secret of the configuration anywhere, also where somebody logged one', () => {
    const files = collected({ plugins: { login: { word: new Secret('open "sesame"') } } }, 'they said open "sesame" to me')
    for (const text of files.values()) expect(text).not.to.include('sesame')
    expect(files.get('log.jsonl')).to.include('they said [secret] to me')
  })

  it('is every file as a program reads it', () => {
    const files = collected({})
    expect([...files.keys()]).to.deep.equal(['configuration.json', 'versions.json', 'threads.json', 'log.jsonl'])
    for (const text of files.values()) expect(JSON.parse(text)).to.be.an('object')
    expect(JSON.parse(files.get('versions.json') ?? '')).to.include({ caxton: '0.1.0', nodeId: 'node-1' })
  })
})
