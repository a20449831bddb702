import path from 'node:path'
import type { CommandContext, RunCommand } from '../../kernel/contract/index.js'
import { certificateNames } from './certificate-names.js'
import { authorityOf, dateText, daysOf, folderOf, optionOr, optionsOf, shownPath } from './certificate-words.js'
import { makeNodeCertificate } from './certificate-maker.js'
import { checkCredentials } from './credential-check.js'
import { readPem } from './credential-files.js'
import { checkVacant, writeMade } from './made-files.js'

/** `caxton security gen-cert` */
export const run: RunCommand = async context => {
  const { input, words, terminal, clock } = context
  const nodeId = optionOr(input, 'node-id', '')
  const names = certificateNames(nodeId, optionsOf(input, 'host'))
  const days = daysOf(words, optionOr(input, 'validity', '365d'))
  const folder = folderOf(context)
  const authority = await authorityOf(context)
  const trust = authority.file
  const places = { certificate: path.join(folder, `${nodeId}.pem`), key: path.join(folder, `${nodeId}.key`) }
  const force = input.options['force'] === true
  checkVacant(places, force)
  const made = await makeNodeCertificate(nodeId, names, days, clock.now(), authority)
  // As the node itself will look at them when it starts.
  checkCredentials(
    { key: made.key, chain: made.certificate, trust: await readPem(trust) },
    { key: places.key, chain: places.certificate, trust },
  )
  await writeMade(made, places, force)
  const shown = { nodeId, ...places, trust, names: names.map(({ value }) => value), validUntil: dateText(made.until) }
  terminal.record([
    ['node', nodeId],
    ['certificate', shownPath(context, places.certificate)],
    ['key', shownPath(context, places.key)],
    ['names', shown.names.join(', ')],
    ['valid until', shown.validUntil],
  ], shown)
  if (terminal.output === 'human') sayWhatNext(context, shown)
  return 0
}

/** The lines for the node's configuration: absolute, because relative ones would be taken from the folder of that file. */
function sayWhatNext (
  { terminal }: CommandContext, made: { nodeId: string, key: string, certificate: string, trust: string },
): void {
  const lines = [
    '[node]',
    `id = "${made.nodeId}"`,
    '',
    '[plugins.identity-files]',
    `key = ${JSON.stringify(made.key)}`,
    `chain = ${JSON.stringify(made.certificate)}`,
    `trust = ${JSON.stringify(made.trust)}`,
  ]
  terminal.say(`In the configuration of ${made.nodeId}:\n\n${lines.map(line => line === '' ? '' : `    ${line}`).join('\n')}\n`)
  terminal.say('Next: caxton server check --config FILE')
}
