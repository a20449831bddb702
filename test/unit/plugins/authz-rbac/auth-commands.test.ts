import { expect } from 'chai'
import { authCommands } from '../../../../plugins/authz-rbac/auth-commands.js'
import { kernelIndex, runCommand, type Outcome } from '../../../support/command/run-command.js'

const commands = authCommands.map(command => ({ ...command, from: 'authz-rbac' }))
const index = { ...kernelIndex, commands: [...kernelIndex.commands, ...commands] }
const lines = ({ stdout }: Outcome): string[] => stdout.trimEnd().split('\n').map(line => line.replace(/ +/g, ' ').trim())

describe('caxton auth', () => {
  it('explain shows the rule that decides, and which binding gives which role', async () => {
    let asked: unknown
    const outcome = await runCommand(['auth', 'explain', 'key:ci', 'agents:deploy', 'team-a-1', '--role', 'ops', '--role', 'dev'], {
      index,
      answers: { 'Authorization/Explain': async (request: unknown) => {
        asked = request
        const roles = [{ role: 'x', binding: 'carries "ops"' }]
        return { allowed: true, because: 'the role "x" allows it', right: 'agents:deploy', roles }
      } },
    })
    expect(asked).to.include({ principal: 'key:ci', action: 'agents:deploy', resource: 'team-a-1', method: '' })
    expect(asked).to.deep.include({ roles: ['ops', 'dev'] })
    expect(lines(outcome)).to.deep.equal([
      'allowed yes', 'because the role "x" allows it', 'right agents:deploy', 'on team-a-1', 'role x, by the binding of carries "ops"',
    ])
    expect(outcome.code).to.equal(0)
  })

  it('explain ends with 1 where it is not allowed', async () => {
    const answers = { 'Authorization/Explain': async () => ({ allowed: false, because: 'nothing', right: 'agents:deploy' }) }
    const outcome = await runCommand(['auth', 'explain', 'key:ci', 'agents:deploy'], { index, answers })
    expect(outcome.code).to.equal(1)
    expect(lines(outcome)).to.include('on everything')
  })

  it('roles shows the policy in force, and why a newer one is not', async () => {
    const outcome = await runCommand(['auth', 'roles'], { index, answers: { 'Authorization/ListRoles': async () => ({
      roles: [
        { name: 'viewer', summary: 'Sees.', builtIn: true, allow: ['agents:list'] },
        { name: 'mine', includes: ['viewer'], allow: ['agents:deploy on a-*'], deny: ['agents:deploy on a-b'] },
      ],
      bindings: [{ who: 'principal "key:*"', roles: ['mine'] }, { who: 'carries "viewer"', roles: [] }],
      policy: '/etc/caxton/policy.toml', trouble: 'the policy is wrong',
    }) } })
    expect(lines(outcome)).to.deep.equal([
      'policy /etc/caxton/policy.toml', 'not in force the policy is wrong',
      'role viewer, built in: Sees.', 'allows agents:list',
      'role mine', 'includes viewer', 'allows agents:deploy on a-*', 'denies agents:deploy on a-b',
      'binding principal "key:*": mine', 'binding carries "viewer": the roles of these names',
    ])
  })

  it('whoami shows who the caller is, and that nobody asks where nobody does', async () => {
    const whoami = async (answer: object): Promise<string[]> =>
      lines(await runCommand(['auth', 'whoami'], { index, answers: { 'Server/WhoAmI': async () => answer } }))
    expect(await whoami({ principal: 'key:ci', method: 'auth-api-key', roles: ['viewer'] }))
      .to.deep.equal(['principal key:ci', 'proven by auth-api-key', 'roles viewer'])
    expect(await whoami({ principal: 'anonymous', method: 'none' })).to.deep.equal([
      'principal anonymous', 'proven by nobody: the server does not ask who calls', 'roles the credential carries none',
    ])
  })
})
