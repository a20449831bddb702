import type { Command } from '../../kernel/contract/index.js'

/** `caxton new agent NAME`, for the plugin's `commands`. */
export const newAgentCommand: Command = {
  path: ['new', 'agent'],
  summary: 'Makes a folder with a new agent in AssemblyScript that builds and deploys.',
  arguments: [{ name: 'NAME', doc: 'Name of the agent and of its folder, which is made here.', required: true }],
  examples: [
    {
      type: 'caxton new agent clerk',
      does: 'Makes the folder "clerk". In it, `npm install` and `npm run deploy` bring the agent to life.',
    },
  ],
  module: new URL('./new-agent-command.js', import.meta.url).href,
}
