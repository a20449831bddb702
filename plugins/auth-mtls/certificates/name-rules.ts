import type { Principal } from '../../../kernel/contract/index.js'
import type { AuthMtlsConfig, NameField } from '../auth-mtls-config.js'
import type { CertificateNames } from './certificate-names.js'

/** What stands before a name, so that one that is an e-mail address to one authority is no common name to another. */
const PREFIXES: Readonly<Record<NameField, string>> = { 'common-name': '', 'dns': 'dns:', 'email': 'email:', 'uri': 'uri:' }
const EVERYBODY: AuthMtlsConfig['rules'] = { everybody: { field: 'common-name', pattern: '*', roles: [] } }

/** Makes principals of the names in certificates, by the rules of the configuration. */
export class NameRules {
  private readonly rules: ReadonlyArray<{ readonly field: NameField, readonly fits: RegExp, readonly roles: readonly string[] }>

  constructor (rules: AuthMtlsConfig['rules'], private readonly method: string) {
    this.rules = Object.values(Object.keys(rules).length === 0 ? EVERYBODY : rules)
      .map(({ field, pattern, roles }) => ({ field, roles, fits: patternOf(pattern) }))
  }

  /** By the first rule that fits; undefined when none does. */
  principalOf (names: CertificateNames): Principal | undefined {
    for (const { field, fits, roles } of this.rules) {
      const name = names[field].find(each => fits.test(each) && !(field === 'common-name' && looksOther(each)))
      if (name !== undefined) return { name: `cert:${PREFIXES[field]}${name}`, method: this.method, roles }
    }
    return undefined
  }
}

const looksOther = (name: string): boolean => Object.values(PREFIXES).some(prefix => prefix !== '' && name.startsWith(prefix))

function patternOf (pattern: string): RegExp {
  const parts = pattern.split(/\*+/).map(part => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 'us')
}
