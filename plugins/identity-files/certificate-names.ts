import { isIP } from 'node:net'
import { CertificateNameInvalid } from './certificate-errors.js'

/** A name under which a node may be reached, or by which a client is known (RFC 5280 §4.2.1.6). */
export interface CertificateName {
  readonly kind: 'dns' | 'ip' | 'email' | 'url'
  readonly value: string
}

/** As `node.id` in the configuration, but no longer than a common name may be (RFC 5280, appendix A.1). */
const NODE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const LABEL = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?'
const DNS_NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*$`)
/** How a node is reached from its own machine: its first users dial that. */
const OWN_MACHINE = ['localhost', '127.0.0.1', '::1']

/** Every name of a node, its id first, each once. Throws `CERTIFICATE_NAME_INVALID`. */
export function certificateNames (nodeId: string, hosts: readonly string[]): readonly CertificateName[] {
  if (!NODE_ID.test(nodeId)) throw CertificateNameInvalid({ what: 'the name of a node', name: nodeId })
  const names = [{ kind: 'dns' as const, value: nodeId }, ...[...hosts, ...OWN_MACHINE].map(nameOf)]
  return names.filter((name, index) => names.findIndex(({ kind, value }) => kind === name.kind && value === name.value) === index)
}

/** Makes sure of the name of a client, which is also a file's. Throws `CERTIFICATE_NAME_INVALID`. */
export function clientName (name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/.test(name)) return name
  throw CertificateNameInvalid({ what: 'the name of a client', name })
}

/** Other names of a client. Throws `CERTIFICATE_NAME_INVALID`. */
export function clientNames (emails: readonly string[], urls: readonly string[]): readonly CertificateName[] {
  return [
    ...emails.map(value => {
      if (!/^[!-?A-~]{1,64}@[A-Za-z0-9.-]{1,190}$/.test(value)) throw CertificateNameInvalid({ what: 'an e-mail address', name: value })
      return { kind: 'email' as const, value }
    }),
    ...urls.map(value => {
      if (!/^[a-z][a-z0-9+.-]*:[!-~]{1,2000}$/.test(value)) throw CertificateNameInvalid({ what: 'a URI', name: value })
      return { kind: 'url' as const, value }
    }),
  ]
}

/** Makes sure of the name of an authority. Throws `CERTIFICATE_NAME_INVALID`. */
export function authorityName (name: string): string {
  if (/^[^\p{Cc}\p{Cs}]{1,64}$/u.test(name)) return name
  throw CertificateNameInvalid({ what: 'the name of an authority', name })
}

function nameOf (host: string): CertificateName {
  if (isIP(host) !== 0 && !host.includes('%')) return { kind: 'ip', value: host }
  if (DNS_NAME.test(host)) return { kind: 'dns', value: host }
  throw CertificateNameInvalid({ what: 'a host', name: host })
}
