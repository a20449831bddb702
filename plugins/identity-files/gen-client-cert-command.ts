import path from 'node:path'
import type { RunCommand } from '../../kernel/contract/index.js'
import { makeCertificate } from './certificate-maker.js'
import { clientName, clientNames } from './certificate-names.js'
import { authorityOf, dateText, daysOf, folderOf, optionOr, optionsOf, shownPath } from './certificate-words.js'
import { checkVacant, writeMade } from './made-files.js'

const DAY = 24 * 60 * 60 * 1000

/** `caxton security gen-client-cert` */
export const run: RunCommand = async context => {
  const { input, words, terminal, clock } = context
  const commonName = clientName(optionOr(input, 'cn', ''))
  const names = clientNames(optionsOf(input, 'email'), optionsOf(input, 'uri'))
  const days = daysOf(words, optionOr(input, 'validity', '90d'))
  const folder = folderOf(context)
  const authority = await authorityOf(context)
  const places = { certificate: path.join(folder, `client-${commonName}.pem`), key: path.join(folder, `client-${commonName}.key`) }
  const force = input.options['force'] === true
  checkVacant(places, force)
  const made = await makeCertificate({ commonName, names, kind: 'client' }, clock.now() + days * DAY, clock.now(), authority)
  await writeMade(made, places, force)
  const shown = { name: commonName, ...places, names: names.map(({ value }) => value), validUntil: dateText(made.until) }
  terminal.record([
    ['client', commonName],
    ['certificate', shownPath(context, places.certificate)],
    ['key', shownPath(context, places.key)],
    ...names.length === 0 ? [] : [['names', shown.names.join(', ')] as const],
    ['valid until', shown.validUntil],
  ], shown)
  if (terminal.output === 'human') {
    const [certificate, key] = [shownPath(context, places.certificate), shownPath(context, places.key)]
    terminal.say(`Use it: caxton --ca ${shownPath(context, authority.file)} --client-cert ${certificate} --client-key ${key} server status`)
  }
  return 0
}
