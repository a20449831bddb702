import type { X509Certificate } from 'node:crypto'
import path from 'node:path'
import type { CommandContext, RunCommand } from '../../kernel/contract/index.js'
import { CertificateNotRenewable } from './certificate-errors.js'
import { holderOf, makeCertificate, signCertificate, type CertificateHolder, type MadeCertificate } from './certificate-maker.js'
import { isSignedBy, requestedKey } from './request-maker.js'
import { authorityOf, dateText, daysOf, optionOr, shownPath } from './certificate-words.js'
import { readCertificates } from './certificate-file.js'
import { readPem } from './credential-files.js'
import { writeMade, writePublic } from './made-files.js'

const DAY = 24 * 60 * 60 * 1000

/** What is to be renewed. */
interface Old {
  readonly file: string
  readonly certificate: X509Certificate
  readonly holder: CertificateHolder
}

/** `caxton security renew`: the old certificate stays good until its end, so nothing has to happen at one moment. */
export const run: RunCommand = async context => {
  const { input, terminal, workingFolder } = context
  const old = await oldOf(path.resolve(workingFolder, input.arguments['certificate']?.[0] ?? ''))
  const { file, holder } = old
  const key = path.resolve(workingFolder, optionOr(input, 'key', file.replace(/(\.pem|\.crt)?$/, '.key')))
  const request = optionOr(input, 'request', '')
  const made = request === '' ? await renewed(context, old, key) : await signed(context, old, path.resolve(workingFolder, request))
  const oldValidUntil = dateText(Date.parse(old.certificate.validTo))
  const shown = {
    name: holder.commonName, certificate: file, ...request === '' ? { key } : {}, validUntil: dateText(made.until), oldValidUntil,
  }
  terminal.record([
    [holder.kind, holder.commonName],
    ['certificate', shownPath(context, file)],
    ...request === '' ? [['key', shownPath(context, key)] as const] : [],
    ['valid until', shown.validUntil],
    ['old one until', shown.oldValidUntil],
  ], shown)
  if (terminal.output === 'human' && holder.kind === 'node') {
    if (request === '') terminal.say('A server that uses these files takes them up by itself.')
    terminal.say(request === ''
      ? 'For another machine, copy both there, each beside the old one, and rename it.'
      : 'Copy it to where the request was made, beside the old one; there put it and the next key in the place of the old ones.')
  }
  return 0
}

async function oldOf (file: string): Promise<Old> {
  const [certificate] = await readCertificates(file)
  const holder = holderOf(certificate.toString())
  if (holder === undefined) throw CertificateNotRenewable({ file, reason: 'it is neither of a node nor of a client' })
  return { file, certificate, holder }
}

/** A new key and its certificate, both made here. */
async function renewed (context: CommandContext, old: Old, key: string): Promise<MadeCertificate> {
  const authority = await authorityOf(context)
  const now = context.clock.now()
  const made = await makeCertificate(old.holder, now + lifeOf(context, old), now, authority)
  await writeMade(made, { certificate: old.file, key }, true)
  return made
}

/** A certificate for a key that stays where it was made. Its names are those of the old one, which therefore must be the authority's. */
async function signed (context: CommandContext, old: Old, request: string): Promise<Omit<MadeCertificate, 'key'>> {
  const authority = await authorityOf(context)
  if (!isSignedBy(old.certificate, authority.certificate)) {
    throw CertificateNotRenewable({ file: old.file, reason: `the authority in ${authority.file} has not signed it` })
  }
  const key = await requestedKey(await readPem(request), old.holder.commonName, request)
  const now = context.clock.now()
  const made = await signCertificate(old.holder, key, now + lifeOf(context, old), now, authority)
  await writePublic(old.file, made.certificate)
  return made
}

function lifeOf ({ input, words }: CommandContext, { certificate: { validFrom, validTo } }: Old): number {
  const validity = optionOr(input, 'validity', '')
  return validity === '' ? Date.parse(validTo) - Date.parse(validFrom) : daysOf(words, validity) * DAY
}
