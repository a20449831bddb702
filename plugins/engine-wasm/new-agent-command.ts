import { relative } from 'node:path'
import type { RunCommand } from '../../kernel/contract/index.js'
import { NewAgentNameInvalid } from './new-agent-errors.js'

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/
/** Beside the sources, because it is no part of the program. */
const TEMPLATE = new URL('../../../plugins/engine-wasm/template/', import.meta.url)

/** `caxton new agent NAME` */
export const run: RunCommand = async ({ input, terminal, workingFolder, makeFolder }) => {
  const [name = ''] = input.arguments['NAME'] ?? []
  if (!NAME.test(name)) throw NewAgentNameInvalid({ name })
  const folder = await makeFolder({ name, templates: [TEMPLATE.href], words: { name } })
  terminal.record([['agent', name], ['folder', folder]], { name, folder })
  terminal.say([
    'Now type:',
    `  cd ${relative(workingFolder, folder)}`,
    '  npm install',
    '  npm run deploy       # builds it, then deploys it to the server on this machine',
    'The agent is index.ts; README.md says how to talk to it.',
  ].join('\n'))
  return 0
}
