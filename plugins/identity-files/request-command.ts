import path from 'node:path'
import type { RunCommand } from '../../kernel/contract/index.js'
import { CertificateNotRenewable } from './certificate-errors.js'
import { readCertificates } from './certificate-file.js'
import { holderOf } from './certificate-maker.js'
import { makeRequest } from './request-maker.js'
import { shownPath } from './certificate-words.js'
import { writeMade } from './made-files.js'

/** `caxton security request`: the new key is made where it is used, and never leaves that machine. */
export const run: RunCommand = async context => {
  const { input, terminal, workingFolder } = context
  const file = path.resolve(workingFolder, input.arguments['certificate']?.[0] ?? '')
  const [old] = await readCertificates(file)
  const holder = holderOf(old.toString())
  if (holder === undefined) throw CertificateNotRenewable({ file, reason: 'it is neither of a node nor of a client' })
  const stem = file.replace(/\.(pem|crt)$/, '')
  const places = { certificate: `${stem}.csr`, key: `${stem}.next.key` }
  const { key, request } = await makeRequest(holder)
  await writeMade({ key, certificate: request }, places, input.options['force'] === true)
  const shown = { name: holder.commonName, request: places.certificate, key: places.key }
  const [asked, next] = [shownPath(context, places.certificate), shownPath(context, places.key)]
  terminal.record([[holder.kind, holder.commonName], ['request', asked], ['next key', next]], shown)
  if (terminal.output === 'human') {
    const name = path.basename(file)
    terminal.say(`Where the authority's key is: caxton security renew ${name} --request ${path.basename(asked)}`)
    terminal.say(`Then put the certificate that it makes in the place of ${shownPath(context, file)} here, and ${next} in that of its key.`)
  }
  return 0
}
