import { X509Certificate } from 'node:crypto'
import { BasicConstraintsExtension, X509Certificate as ParsedCertificate } from '@peculiar/x509'

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g
/** Most certificates between a node and an authority, both included. */
const LONGEST = 5
/** Extended key usages, RFC 5280 §4.2.1.12. */
const USAGE = { dialer: '1.3.6.1.5.5.7.3.2', listener: '1.3.6.1.5.5.7.3.1' }
const ANY_USAGE = '2.5.29.37.0'
/** Critical extensions that are understood here: key usage, alternative name, basic constraints, extended key usage. */
const UNDERSTOOD = new Set(['2.5.29.15', '2.5.29.17', '2.5.29.19', '2.5.29.37'])

/** The certificates of a text in PEM. */
export const certificatesIn = (pem: string): X509Certificate[] => (pem.match(BLOCK) ?? []).map(block => new X509Certificate(block))

/**
 * Why a chain (leaf first) does not lead to an authority of `trust`, or undefined. Does what RFC 5280 §6 asks for, and refuses what it
 * does not know: each certificate is valid now and signed by the next, which is an authority and may have that many below it.
 */
export function distrust (
  chain: readonly X509Certificate[], trust: readonly X509Certificate[], role: keyof typeof USAGE, now: number,
): string | undefined {
  const [leaf] = chain
  if (leaf === undefined) return 'it shows no certificate'
  const usages = leaf.keyUsage as readonly string[] | undefined
  if (usages && !usages.some(usage => usage === USAGE[role] || usage === ANY_USAGE)) {
    return 'its certificate may not be used for both ends of a connection'
  }
  let current = leaf
  for (let depth = 0; depth < LONGEST; depth++) {
    const flaw = flawOf(current, depth, now)
    if (flaw !== undefined) return flaw
    const flaws = trust.filter(each => hasIssued(each, current)).map(each => flawOf(each, depth + 1, now))
    if (flaws.length > 0) return flaws.includes(undefined) ? undefined : flaws[0]
    const next = chain[depth + 1]
    if (next === undefined || !hasIssued(next, current)) break
    current = next
  }
  return 'its certificate does not come from an authority that this node trusts'
}

const hasIssued = (issuer: X509Certificate, subject: X509Certificate): boolean =>
  subject.checkIssued(issuer) && subject.verify(issuer.publicKey)

/** `depth`: how many certificates stand below this one. */
function flawOf (certificate: X509Certificate, depth: number, now: number): string | undefined {
  const whose = depth === 0 ? 'its certificate' : 'an authority above its certificate'
  if (now > Date.parse(certificate.validTo)) return `${whose} has expired`
  if (now < Date.parse(certificate.validFrom)) return `${whose} is not valid yet; the clock of one of the two nodes may be wrong`
  const extensions = extensionsOf(certificate)
  if (typeof extensions === 'string') return `${whose} has an extension that is not understood${extensions}`
  if (depth === 0) return undefined
  if (!certificate.ca) return `${whose} is none`
  return depth - 1 > extensions.pathLength ? `${whose} may not have so many below it` : undefined
}

/** How many authorities may stand below, or which extension is not understood. */
function extensionsOf ({ raw }: X509Certificate): { readonly pathLength: number } | string {
  try {
    const parsed = new ParsedCertificate(raw)
    const unknown = parsed.extensions.find(({ critical, type }) => critical && !UNDERSTOOD.has(type))
    if (unknown) return ` (${unknown.type})`
    return { pathLength: parsed.getExtension(BasicConstraintsExtension)?.pathLength ?? LONGEST }
  } catch {
    return ''
  }
}
