import type { Command } from '../../contract/command.js'
import { agentsCommands } from './agents-commands.js'
import { capabilitiesCommands } from './capabilities-commands.js'
import { clusterCommands } from './cluster-commands.js'
import { conversationCommands } from './conversation-commands.js'
import { deadLetterCommands } from './deadletter-commands.js'
import { diagnosticsCommands } from './diagnostics-commands.js'
import { loginCommands } from './login-commands.js'
import { messageCommands } from './message-commands.js'
import { newCommands } from './new-commands.js'
import { signingCommands } from './signing-commands.js'
import { serverCommands } from './server-commands.js'

const programCommands: readonly Command[] = [
  {
    path: ['explain'],
    summary: 'Explains an error code, or lists all.',
    arguments: [{ name: 'CODE', doc: 'The code, as an error shows it.' }],
    examples: [
      { type: 'caxton explain AGENT_NOT_FOUND', does: 'Says when this error happens and what to do.' },
      { type: 'caxton explain', does: 'Lists every code.' },
    ],
    module: new URL('./explain.js', import.meta.url).href,
  },
  {
    path: ['auth', 'whoami'],
    summary: 'Says who you are to the server, and how that was proven.',
    examples: [{ type: 'caxton auth whoami', does: 'Shows your name to the server, and the roles that come with the credential.' }],
    module: new URL('./auth-whoami.js', import.meta.url).href,
  },
  {
    path: ['completion'],
    summary: 'Prints a script that completes command lines in a shell.',
    arguments: [{ name: 'SHELL', doc: '`bash` or `zsh`.', required: true }],
    examples: [
      {
        type: 'source <(caxton completion bash)',
        does: 'Completes commands, options and names of agents in this shell.',
      },
      { type: 'caxton completion zsh > ~/.zfunc/_caxton', does: 'The same for zsh, where ~/.zfunc is in fpath.' },
    ],
    module: new URL('./completion.js', import.meta.url).href,
  },
]

/** Every command that the kernel gives. */
export const kernelCommands: readonly Command[] = [
  ...serverCommands, ...agentsCommands, ...capabilitiesCommands, ...messageCommands, ...conversationCommands,
  ...deadLetterCommands, ...clusterCommands, ...diagnosticsCommands, ...signingCommands, ...loginCommands, ...newCommands,
  ...programCommands,
]
