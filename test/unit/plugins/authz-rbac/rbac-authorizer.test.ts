import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { Agents, isCaxtonError, Server, type SecurityEvent } from '../../../../kernel/contract/index.js'
import { operationsOf } from '../../../../kernel/routing/operations/operation-registry.js'
import { RbacAuthorizer } from '../../../../plugins/authz-rbac/rbac-authorizer.js'
import { RecordingLogger } from '../../../support/recording-logger.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'
import { settled, VirtualClock } from '../../../support/virtual-clock.js'

const OPERATIONS = operationsOf([Agents, Server])
const ANN = { name: 'key:ann', method: 'auth-api-key', roles: [] }
const VIEWER = '[[bindings]]\nprincipal = "key:ann"\nroles = ["viewer"]\n'

describe('authorizer by roles', () => {
  let folder: TemporaryFolder
  let clock: VirtualClock
  let log: RecordingLogger
  let noted: Array<Omit<SecurityEvent, 'event'>>
  let authorizer: RbacAuthorizer

  /** As careful tools do: beside it, then over it. */
  const write = (text: string): void => {
    writeFileSync(folder.file('new'), text)
    renameSync(folder.file('new'), folder.file('policy.toml'))
  }
  const may = (name: string): boolean => {
    const operation = OPERATIONS.find(each => each.name === `caxton.v1.${name}`)
    return operation !== undefined && authorizer.decide(ANN, operation, '').allowed
  }
  const look = async (): Promise<void> => {
    clock.advance(5_000)
    while (clock.pending === 0) await settled()
  }
  const start = async (): Promise<unknown> => await authorizer.start().then(() => undefined, (error: unknown) => error)

  beforeEach(() => {
    folder = new TemporaryFolder()
    clock = new VirtualClock()
    log = new RecordingLogger()
    noted = []
    const config = { policy: folder.file('policy.toml'), check_interval: 5_000 }
    authorizer = new RbacAuthorizer({ list: () => OPERATIONS }, { note: event => { noted.push(event) } }, clock, config, log)
  })
  afterEach(async () => {
    await authorizer.stop()
    expect(clock.pending).to.equal(0)
    folder.remove()
  })

  it('denies everything before it has a policy', () => {
    expect(may('Agents/List')).to.equal(false)
  })

  it('decides by the file', async () => {
    write(VIEWER)
    await authorizer.start()
    expect([may('Agents/List'), may('Agents/Deploy')]).to.deep.equal([true, false])
    expect(authorizer.health()).to.deep.equal({ state: 'ready' })
  })

  it('does not start without a file, or with a wrong one', async () => {
    const missing = await start()
    expect(isCaxtonError(missing) && missing.code).to.equal('AUTHZ_POLICY_UNREADABLE')
    write('[[bindings]]\nprincipal = "key:ann"\nroles = ["vewer"]\n')
    const wrong = await start()
    expect(isCaxtonError(wrong) && wrong.message).to.equal(
      `the policy is wrong: ${folder.file('policy.toml')}:3:11: there is no role "vewer" (did you mean "viewer"?)`)
  })

  it('warns of a policy by which nobody may do anything', async () => {
    write('')
    await authorizer.start()
    expect(log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)[0]).to.contain('nobody has any role')
  })

  it('follows the file while it runs', async () => {
    write(VIEWER)
    await authorizer.start()
    write(VIEWER.replace('viewer', 'developer'))
    expect(may('Agents/Deploy')).to.equal(false)
    await look()
    expect(may('Agents/Deploy')).to.equal(true)
    expect(noted).to.deep.equal([{ what: 'policy-replaced', resource: folder.file('policy.toml'), result: 'ok' }])
  })

  it('keeps the earlier policy when the new one is wrong or gone, says so loudly, and takes the next that is right', async () => {
    write(VIEWER)
    await authorizer.start()
    write(VIEWER.replace('roles', 'rolls'))
    await look()
    expect([may('Agents/List'), may('Agents/Deploy')]).to.deep.equal([true, false])
    expect(authorizer.health().state).to.equal('degraded')
    expect(authorizer.health().detail).to.contain('"rolls" is no key here (did you mean "roles"?)')
    expect(log.lines.some(({ level, message }) => level === 'error' && message.includes('earlier one stays in force'))).to.equal(true)
    expect(noted.map(({ what, result }) => [what, result])).to.deep.equal([['policy-refused', 'refused']])
    rmSync(folder.file('policy.toml'))
    await look()
    expect(may('Agents/List')).to.equal(true)
    write('')
    await look()
    expect(may('Agents/List')).to.equal(false)
    expect(authorizer.health().state).to.equal('ready')
  })
})
