import type { OperationInfo } from '../../kernel/contract/index.js'
import { readPolicyText } from './policy-file.js'
import { readPolicy, rightsOf } from './policy-reader.js'

/** What `caxton server check` says of a policy. Throws what a start would: `AUTHZ_POLICY_UNREADABLE`, `AUTHZ_POLICY_INVALID`. */
export async function policyOutlook (file: string, operations: readonly OperationInfo[] | undefined): Promise<string> {
  const text = await readPolicyText(file)
  if (operations !== undefined) readPolicy(text, file, rightsOf(operations))
  return `the policy is in ${file}`
}
