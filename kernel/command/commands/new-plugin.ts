import { relative } from 'node:path'
import type { RunCommand } from '../../contract/command.js'
import { packageVersion } from '../../lifecycle/package-root.js'
import { NewPluginNameInvalid } from '../new-folder-errors.js'

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/
const LONGEST = 63
/** Seams that have a template of their own. */
const SEAMS = ['auth', 'admission', 'protocol']
/** Beside the sources, because they are no part of the program. */
const TEMPLATES = new URL('../../../../kernel/command/templates/plugin/', import.meta.url)

/** `caxton new plugin NAME` */
export const run: RunCommand = async ({ input, terminal, workingFolder, makeFolder }) => {
  const [name = ''] = input.arguments['NAME'] ?? []
  if (!NAME.test(name) || name.length > LONGEST) throw NewPluginNameInvalid({ name })
  const [seam = '', ...how] = name.split('-')
  const kind = SEAMS.includes(seam) ? seam : 'other'
  const templates = ['every', kind].map(template => new URL(`${template}/`, TEMPLATES).href)
  const words = { name, how: how.join('-'), class: inCamels(name), variable: decapitalised(inCamels(name)), version: packageVersion() }
  const folder = await makeFolder({ name, templates, words })
  terminal.record([['plugin', name], ['folder', folder]], { name, folder })
  terminal.say([
    'Now type:',
    `  cd ${relative(workingFolder, folder)}`,
    '  npm install',
    '  npm test             # builds it and tries it with the conformance kits',
    '  npm start            # starts a server on this machine that has it',
    'The plugin is in src; README.md says what each file is for.',
  ].join('\n'))
  return 0
}

/** `auth-door`: `AuthDoor` */
const inCamels = (name: string): string => name.split('-').map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')

const decapitalised = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1)
