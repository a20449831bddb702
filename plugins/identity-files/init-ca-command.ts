import { X509Certificate } from 'node:crypto'
import type { RunCommand } from '../../kernel/contract/index.js'
import { authorityPlaces, dateText, daysOf, folderOf, optionOr, shownPath } from './certificate-words.js'
import { authorityName } from './certificate-names.js'
import { makeAuthority } from './certificate-maker.js'
import { checkVacant, writeMade } from './made-files.js'

/** `caxton security init-ca` */
export const run: RunCommand = async context => {
  const { input, words, terminal, clock } = context
  const days = daysOf(words, optionOr(input, 'validity', '3650d'))
  const name = authorityName(optionOr(input, 'name', 'Caxton cluster authority'))
  const folder = folderOf(context)
  const places = authorityPlaces(folder)
  const force = input.options['force'] === true
  checkVacant(places, force)
  const made = await makeAuthority(name, days, clock.now())
  await writeMade(made, places, force)
  const { fingerprint256 } = new X509Certificate(made.certificate)
  const shown = { name, certificate: places.certificate, key: places.key, validUntil: dateText(made.until), sha256: fingerprint256 }
  terminal.record([
    ['authority', name],
    ['certificate', shownPath(context, places.certificate)],
    ['key', shownPath(context, places.key)],
    ['valid until', shown.validUntil],
    ['sha256', fingerprint256],
  ], shown)
  if (terminal.output === 'human') {
    terminal.say('Every node needs the certificate; whoever has the key can make nodes, so keep it on no node.')
    const place = optionOr(input, 'dir', 'tls') === 'tls' ? '' : ` --dir ${shownPath(context, folder)}`
    terminal.say(`Next: caxton security gen-cert --node-id node-1${place}`)
  }
  return 0
}
