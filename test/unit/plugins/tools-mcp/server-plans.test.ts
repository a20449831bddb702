import { expect } from 'chai'
import { Secret } from '../../../../kernel/contract/index.js'
import { serverPlans } from '../../../../plugins/tools-mcp/server-plans.js'
import type { ServerConfig } from '../../../../plugins/tools-mcp/tools-mcp-config.js'

import { UNSAID } from '../../../support/tools/tool-host.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

describe('the configuration of a tool server', () => {
  const problemOf = (name: string, more: Partial<ServerConfig>): string => {
    try {
      serverPlans({ [name]: { ...UNSAID, ...more } }, [], 1_000, new VirtualClock())
      return ''
    } catch (error) {
      return error instanceof Error ? error.message : ''
    }
  }
  const url = new URL('http://127.0.0.1:8000/mcp')

  it('is a command or an address', () => {
    expect(problemOf('files', { command: 'node', args: ['a.js'], env: [new Secret('TOKEN=x=y')] })).to.equal('')
    expect(problemOf('files', { url, headers: [new Secret('Authorization: Bearer x')] })).to.equal('')
    expect(problemOf('files', {})).to.equal('the tool server "files" has neither a `command` nor a `url`')
    expect(problemOf('files', { url, command: 'node' })).to.equal('the tool server "files" has both a `command` and a `url`')
    expect(problemOf('files', { url, args: ['x'] })).to.contain('has arguments or variables')
    expect(problemOf('files', { command: 'node', headers: [new Secret('A: b')] })).to.contain('has headers')
  })

  it('has an authorization server as a whole or not at all, and only where a secret is safe on its way', () => {
    const oauth = { issuer: 'https://id.test', client_id: 'caxton', client_secret: new Secret('hunter2') }
    expect(problemOf('files', { url, ...oauth })).to.equal('')
    expect(problemOf('files', { url, ...oauth, issuer: 'http://127.0.0.1:1' })).to.equal('')
    for (const issuer of ['http://id.test', 'id.test', 'http://127.0.0.1.id.test']) {
      expect(problemOf('files', { url, ...oauth, issuer })).to.contain('https')
    }
    for (const key of ['issuer', 'client_id', 'client_secret'] as const) {
      expect(problemOf('files', { url, ...oauth, [key]: undefined })).to.contain('not all three')
    }
    expect(problemOf('files', { command: 'node', ...oauth })).to.contain('or an issuer')
    expect(problemOf('files', { url, ...oauth, headers: [new Secret('authorization: Bearer x')] })).to.contain('both an issuer')
  })

  it('has a name without a dot, so that no server can pass for another', () => {
    for (const name of ['a.b', 'A', '', '-a', 'a b', 'x'.repeat(64)]) {
      expect(problemOf(name, { command: 'node' })).to.contain('lower-case letters')
    }
  })

  it('never shows a variable or a header that is none: it may be a secret', () => {
    const problem = problemOf('files', { command: 'node', env: [new Secret('A=b'), new Secret('hunter2')] })
    expect(problem).to.equal('the tool server "files" has, at place 2, what is no variable, NAME=VALUE')
    expect(problemOf('files', { url, headers: [new Secret('X: a\r\nY: b')] })).to.contain('no header')
  })

  it('has not the name of a plugin that is one itself', () => {
    const server = { instance: 'state', service: { connect: () => expect.fail('nobody connects') } }
    const plans = (configured: Readonly<Record<string, ServerConfig>>): ReturnType<typeof serverPlans> =>
      serverPlans(configured, [server], 1_000, new VirtualClock())
    expect(() => plans({ state: { ...UNSAID, command: 'node' } })).to.throw('the name of a plugin')
    expect(plans({}).map(({ name, kind }) => `${name} ${kind}`)).to.deep.equal(['state local'])
  })
})
