import { relative } from 'node:path'
import type { RunCommand } from '../../kernel/contract/index.js'
import { makeAgentFolder } from './agent-folder.js'

/** `caxton new agent NAME` */
export const run: RunCommand = async ({ input, terminal, workingFolder }) => {
  const [name = ''] = input.arguments['NAME'] ?? []
  const folder = await makeAgentFolder(name, workingFolder)
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
