import type { X509Certificate } from 'node:crypto'
import { Revocations, type Credentials } from '../../kernel/contract/index.js'
import type { Aging } from './certificate-age.js'
import { parseCertificates } from './credential-check.js'
import type { CredentialPaths } from './credential-files.js'

/** All that ends of a node's credentials, which were checked. */
export function agesOf (credentials: Credentials, leaf: X509Certificate, paths: CredentialPaths): Aging[] {
  const { trust, revoked } = credentials
  const node: Aging = {
    kind: 'node', name: nameOf(leaf), what: `the certificate in ${paths.chain}`, ...datesOf(leaf),
    after: 'every peer refuses it until it is replaced',
  }
  const authorities = parseCertificates(trust, paths.trust).map((authority): Aging => ({
    kind: 'authority', name: nameOf(authority), what: `the authority "${nameOf(authority)}" in ${paths.trust}`, ...datesOf(authority),
    after: 'nothing that it signed is trusted any more',
  }))
  const lists = revoked === undefined ? Revocations.none : Revocations.read(revoked, trust)
  if (typeof lists === 'string' || lists.until === Infinity) return [node, ...authorities]
  const list: Aging = {
    kind: 'revocations', name: 'revocations', what: `a revocation list in ${paths.revoked ?? ''}`, from: 0, until: lists.until,
    after: 'what was revoked since then is not known; what it says still holds. Make a new one with `caxton security revoke`',
  }
  return [node, ...authorities, list]
}

const datesOf = ({ validFrom, validTo }: X509Certificate) => ({ from: Date.parse(validFrom), until: Date.parse(validTo) })

/** The common name, or all of the subject. */
export function nameOf ({ subject }: X509Certificate): string {
  return /(?:^|\n)CN=([^\n]*)/.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ')
}
