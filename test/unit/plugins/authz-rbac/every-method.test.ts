import { fileURLToPath } from 'node:url'
import type { DescService } from '@bufbuild/protobuf'
import { expect } from 'chai'
import * as contract from '../../../../kernel/contract/index.js'
import type { OperationInfo } from '../../../../kernel/contract/index.js'
import { builtInPlugins } from '../../../../kernel/lifecycle/plugins/plugin-loader.js'
import { operationsOf } from '../../../../kernel/routing/operations/operation-registry.js'
import { ADMIN_ONLY, BUILT_IN_ROLES, EVERYBODYS_RIGHT } from '../../../../plugins/authz-rbac/built-in-roles.js'
import { CompiledPolicy } from '../../../../plugins/authz-rbac/compiled-policy.js'
import { readPolicy } from '../../../../plugins/authz-rbac/policy-reader.js'

const PLUGINS = fileURLToPath(new URL('../../../../plugins', import.meta.url))
/** From the least to the most. */
const ROLES = ['viewer', 'developer', 'operator', 'admin']
const LISTS = 'VIEWER, DEVELOPER, OPERATOR or ADMIN_ONLY in plugins/authz-rbac/built-in-roles.ts'

/** Every operation that a server can have: of the kernel, and of each built-in plugin. */
async function everyOperation (): Promise<OperationInfo[]> {
  const kernel = Object.values<unknown>(contract).filter(isService)
  const plugins = (await builtInPlugins(PLUGINS)).flatMap(plugin => (plugin.operations ?? []).map(({ service }) => service))
  return operationsOf([...kernel, ...plugins])
}

function isService (value: unknown): value is DescService {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'service'
}

/** The roles that list a right themselves, with `admin` for those that only its `*` gives. */
function listedIn (right: string): string[] {
  const roles = BUILT_IN_ROLES.filter(({ allow }) => allow.some(rule => rule.rights.text === right)).map(({ name }) => name)
  return [...roles, ...ADMIN_ONLY.includes(right) ? ['admin'] : [], ...right === EVERYBODYS_RIGHT ? ['everybody'] : []]
}

describe('every method and every built-in role', () => {
  let operations: OperationInfo[] = []
  before(async () => { operations = await everyOperation() })

  it('have a rule: whoever adds a method says who may call it', () => {
    const unruled = operations.filter(({ right }) => listedIn(right).length === 0)
      .map(({ name, right }) => `${name} needs the right "${right}", which no built-in role says anything about: write it into ${LISTS}`)
    expect(unruled).to.deep.equal([])
  })

  it('have one rule each, and none for a right that no method needs', () => {
    const rights = new Set(operations.map(({ right }) => right))
    expect([...rights].filter(right => listedIn(right).length > 1), `only one of ${LISTS}`).to.deep.equal([])
    const listed = [...BUILT_IN_ROLES.flatMap(({ allow }) => allow.map(rule => rule.rights.text)), ...ADMIN_ONLY]
    expect(listed.filter(right => right !== '*' && !rights.has(right)), 'no method needs these any more: take them out').to.deep.equal([])
  })

  it('are decided as the lists say, each role with what the ones below it have', () => {
    const rights = [...new Set(operations.map(({ right }) => right))]
    const bindings = ROLES.map(role => `[[bindings]]\nprincipal = "key:${role}"\nroles = ["${role}"]\n`).join('')
    const policy = new CompiledPolicy(readPolicy(bindings, 'policy.toml', rights), rights)
    for (const { name, right } of operations) {
      const from = listedIn(right).includes('everybody') ? 0 : ROLES.findIndex(role => listedIn(right).includes(role))
      const allowed = ROLES.map(role => policy.decide({ name: `key:${role}`, method: 'auth-api-key', roles: [] }, right, '').allowed)
      expect(allowed, name).to.deep.equal(ROLES.map((_, place) => place >= from))
      expect(policy.decide({ name: 'key:nobody', method: 'auth-api-key', roles: [] }, right, '').allowed, name)
        .to.equal(right === EVERYBODYS_RIGHT)
    }
  })

  it('let nobody but the operator change the cluster, the server or its letters', () => {
    const changed = (role: string): string[] => BUILT_IN_ROLES.find(({ name }) => name === role)?.allow.map(rule => rule.rights.text) ?? []
    const changing = new Set(operations.filter(({ changes }) => changes).map(({ right }) => right))
    expect(changed('viewer').filter(right => changing.has(right))).to.deep.equal([])
    expect(changed('developer').filter(right => changing.has(right)))
      .to.deep.equal(['agents:deploy', 'agents:manage', 'conversations:cancel', 'messages:send', 'state:write', 'tasks:run'])
  })
})
