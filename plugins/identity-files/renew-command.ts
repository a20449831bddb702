import path from 'node:path'
import type { RunCommand } from '../../kernel/contract/index.js'
import { CertificateNotRenewable } from './certificate-errors.js'
import { holderOf, makeCertificate } from './certificate-maker.js'
import { authorityOf, dateText, daysOf, optionOr, shownPath } from './certificate-words.js'
import { readCertificates } from './certificate-file.js'
import { writeMade } from './made-files.js'

const DAY = 24 * 60 * 60 * 1000

/** `caxton security renew`: the old certificate stays good until its end, so nothing has to happen at one moment. */
export const run: RunCommand = async context => {
  const { input, words, terminal, clock, workingFolder } = context
  const certificate = path.resolve(workingFolder, input.arguments['certificate']?.[0] ?? '')
  const key = path.resolve(workingFolder, optionOr(input, 'key', certificate.replace(/(\.pem|\.crt)?$/, '.key')))
  const [old] = await readCertificates(certificate)
  const holder = holderOf(old.toString())
  if (holder === undefined) throw CertificateNotRenewable({ file: certificate, reason: 'it is neither of a node nor of a client' })
  const authority = await authorityOf(context)
  const validity = optionOr(input, 'validity', '')
  const life = validity === '' ? Date.parse(old.validTo) - Date.parse(old.validFrom) : daysOf(words, validity) * DAY
  const made = await makeCertificate(holder, clock.now() + life, clock.now(), authority)
  await writeMade(made, { certificate, key }, true)
  const oldValidUntil = dateText(Date.parse(old.validTo))
  const shown = { name: holder.commonName, certificate, key, validUntil: dateText(made.until), oldValidUntil }
  terminal.record([
    [holder.kind, holder.commonName],
    ['certificate', shownPath(context, certificate)],
    ['key', shownPath(context, key)],
    ['valid until', shown.validUntil],
    ['old one until', shown.oldValidUntil],
  ], shown)
  if (terminal.output === 'human' && holder.kind === 'node') {
    terminal.say('A server that uses these files takes them up by itself.')
    terminal.say('For another machine, copy both there, each beside the old one, and rename it.')
  }
  return 0
}
