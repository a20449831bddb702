import type { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { Revocations, type CommandContext, type RunCommand } from '../../kernel/contract/index.js'
import { CertificateNameInvalid, CertificateNotRenewable, RevocationListUnusable } from './certificate-errors.js'
import { authorityOf, dateText, daysOf, folderOf, optionOr, optionsOf, shownPath } from './certificate-words.js'
import { readCertificates } from './certificate-file.js'
import { readPem } from './credential-files.js'
import { writePublic } from './made-files.js'
import { makeRevocationList } from './revocation-maker.js'
import type { SigningAuthority } from './signing-authority.js'

const DAY = 24 * 60 * 60 * 1000

/** `caxton security revoke`: without a certificate it only makes the list anew, with a later end. */
export const run: RunCommand = async context => {
  const { input, words, terminal, clock, workingFolder } = context
  const authority = await authorityOf(context)
  const days = daysOf(words, optionOr(input, 'validity', '365d'))
  const file = path.resolve(workingFolder, optionOr(input, 'list', path.join(folderOf(context), 'ca.crl')))
  const revoked = new Map(await revokedIn(file, authority.file))
  const files = input.arguments['certificate'] ?? []
  const added = [...await serialsOf(files, context, authority.file), ...optionsOf(input, 'serial').map(serialOf)]
  for (const serial of added) if (!revoked.has(serial)) revoked.set(serial, clock.now())
  await writePublic(file, await makeRevocationList(revoked, days, clock.now(), authority satisfies SigningAuthority))
  const until = dateText(Math.min(clock.now() + days * DAY, authority.until))
  terminal.record([
    ['list', shownPath(context, file)],
    ['revoked now', added.length === 0 ? 'nothing' : added.join(', ')],
    ['revoked in all', String(revoked.size)],
    ['next list by', until],
  ], { list: file, added, revoked: [...revoked].map(([serial, since]) => ({ serial, since: dateText(since) })), nextBy: until })
  if (terminal.output === 'human') {
    terminal.say('Every node needs the list. In its configuration:\n')
    terminal.say(`    [plugins.identity-files]\n    revoked = ${JSON.stringify(file)}\n`)
  }
  return 0
}

async function revokedIn (file: string, authorities: string): Promise<ReadonlyMap<string, number>> {
  if (!existsSync(file)) return new Map()
  const revocations = Revocations.read(await readPem(file), await readPem(authorities))
  if (typeof revocations === 'string') throw RevocationListUnusable({ file, reason: revocations })
  return revocations.serials()
}

async function serialsOf (files: readonly string[], { workingFolder }: CommandContext, authorities: string): Promise<string[]> {
  const issuers = await readCertificates(authorities)
  const isIssued = (certificate: X509Certificate): boolean =>
    issuers.some(issuer => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey))
  const serials: string[] = []
  for (const name of files) {
    const file = path.resolve(workingFolder, name)
    const [certificate] = await readCertificates(file)
    if (!isIssued(certificate)) throw CertificateNotRenewable({ file, reason: 'this authority has not signed it' })
    serials.push(serialOf(certificate.serialNumber))
  }
  return serials
}

function serialOf (text: string): string {
  const digits = text.replaceAll(':', '').toUpperCase().replace(/^0+(?=.)/, '')
  if (/^[0-9A-F]{1,40}$/.test(digits)) return digits
  throw CertificateNameInvalid({ what: 'a serial number', name: text })
}
