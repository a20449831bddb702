import type { X509Certificate } from 'node:crypto'
import type { NameField } from '../auth-mtls-config.js'

/** The names in a certificate, by where they stand. */
export type CertificateNames = Readonly<Record<NameField, readonly string[]>>

const KINDS: Readonly<Record<string, NameField>> = { DNS: 'dns', email: 'email', URI: 'uri' }
/** A name that can stand in a log and a policy: printable, and without spaces at its ends. */
const NAME = /^(?! )[^\p{C}\p{Zl}\p{Zp}]{1,255}(?<! )$/u
/** `DNS:a.example, URI:"spiffe://x/a\u002cb"`: Node writes names that hold its own signs as JSON texts. */
const ALTERNATIVE = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/y

/** Reads all names. Throws an `Error` that says what is wrong with them: what is not understood must not count as absent. */
export function namesOf (certificate: X509Certificate): CertificateNames {
  const found: Record<NameField, string[]> = { 'common-name': commonNames(certificate), 'dns': [], 'email': [], 'uri': [] }
  for (const [kind, name] of alternativeNames(certificate.subjectAltName ?? '')) {
    const field = KINDS[kind]
    if (field !== undefined) found[field].push(name)
  }
  for (const name of Object.values(found).flat()) {
    if (!NAME.test(name)) throw new Error('a name in it can\'t be used')
  }
  return found
}

function commonNames (certificate: X509Certificate): string[] {
  const subject: unknown = certificate.toLegacyObject().subject
  const names: unknown = typeof subject === 'object' && subject !== null && 'CN' in subject ? subject.CN : []
  const all = Array.isArray(names) ? names : [names]
  // Readers differ over which of several counts: who may choose one could be somebody else to us than to its authority.
  if (all.length > 1) throw new Error('it has several common names')
  return all.filter(name => typeof name === 'string')
}

/** Reads what Node makes of a `subjectAltName` (RFC 5280 §4.2.1.6). */
export function alternativeNames (text: string): ReadonlyArray<readonly [kind: string, name: string]> {
  const names: Array<readonly [string, string]> = []
  ALTERNATIVE.lastIndex = 0
  while (ALTERNATIVE.lastIndex < text.length) {
    const [, kind, written] = ALTERNATIVE.exec(text) ?? []
    if (kind === undefined || written === undefined) throw new Error('its alternative names can\'t be read')
    names.push([kind, written.startsWith('"') ? plain(written) : written])
  }
  return names
}

function plain (written: string): string {
  const text: unknown = JSON.parse(written)
  return typeof text === 'string' ? text : ''
}
