import { nearest, operations, type Handlers, type OperationService } from '../../kernel/contract/index.js'
import { RightUnknown } from './authz-errors.js'
import { Authorization } from './proto/caxton/v1/authorization_pb.js'
import type { RbacAuthorizer } from './rbac-authorizer.js'

/** Questions about the policy in force. */
export const authorizationOperations: OperationService = operations(Authorization, (
  main: RbacAuthorizer,
): Handlers<typeof Authorization> => ({
  async explain ({ principal: name, action, resource, roles, method }) {
    const right = rightOf(action, main)
    // Nobody proves an anonymous caller.
    const principal = { name, method: name === 'anonymous' ? 'none' : method, roles }
    const { allowed = false, because = '' } = main.compiled?.decide(principal, right, resource) ?? {}
    return { allowed, because, right, roles: main.compiled?.given(principal) ?? [] }
  },

  async listRoles () {
    const policy = main.compiled?.policy
    const textsOf = (rules: ReadonlyArray<{ readonly text: string }>): string[] => rules.map(({ text }) => text)
    return {
      roles: [...policy?.roles.values() ?? []].map(({ name, summary, isBuiltIn, includes, allow, deny }) =>
        ({ name, summary, builtIn: isBuiltIn, includes: [...includes], allow: textsOf(allow), deny: textsOf(deny) })),
      bindings: (policy?.bindings ?? []).map(({ text, roles }) => ({ who: text, roles: [...roles ?? []] })),
      policy: main.file,
      trouble: main.trouble ?? '',
    }
  },
}))

/** The right that is meant, by its own name or by that of an operation. Throws `AUTHZ_RIGHT_UNKNOWN`. */
function rightOf (action: string, main: RbacAuthorizer): string {
  const all = main.operations()
  const found = all.find(({ right }) => right === action) ?? all.find(({ name }) => name === action || name.endsWith(`.${action}`))
  if (found !== undefined) return found.right
  throw RightUnknown({ action, meant: nearest(action, new Set(all.map(({ right }) => right))) })
}
