import type { Command, CommandArgument, CommandOption } from '../../../kernel/contract/index.js'

const TOOL: CommandArgument = { name: 'TOOL', doc: 'The tool, `SERVER.TOOL`.', required: true }
const AGENTS: CommandArgument = { name: 'AGENTS', doc: 'An agent, or with * several: `clerk`, `shop-*`.', required: true }
const TOOLS: CommandArgument = { name: 'TOOLS', doc: 'A tool, or with * several: `files.read_text_file`, `files.*`.', required: true }
const RULES: CommandOption = {
  name: 'argument', value: 'NAME=PATTERN', repeatable: true,
  doc: 'What an argument must be like: `path=/srv/shared/*`, of an object inside `user.id=7`. All of them hold.',
}

/** Commands for tools, for the plugin's `commands`. */
export const toolCommands: readonly Command[] = [
  {
    path: ['tools', 'list'],
    summary: 'Lists the tools that agents may be granted, and whether each can be called.',
    options: [
      { name: 'server', value: 'NAME', doc: 'Only tools of this server.' },
      { name: 'servers', doc: 'The servers instead, and how each does.' },
      { name: 'grants', doc: 'The grants instead: who may call what.' },
    ],
    examples: [
      { type: 'caxton tools list', does: 'Shows every tool of every server.' },
      { type: 'caxton tools list --servers', does: 'Shows which servers are there, and why one is not.' },
      { type: 'caxton tools list --grants', does: 'Shows which agents may call which tools.' },
    ],
    module: new URL('./list-tools-command.js', import.meta.url).href,
  },
  {
    path: ['tools', 'show'],
    summary: 'Shows what a tool takes and gives, whether somebody agreed to it, and who may call it.',
    arguments: [TOOL],
    examples: [{ type: 'caxton tools show files.read_text_file', does: 'Shows the arguments of the tool, and its grants.' }],
    module: new URL('./show-tool-command.js', import.meta.url).href,
  },
  {
    path: ['tools', 'call'],
    summary: 'Calls a tool and shows what it answers.',
    arguments: [TOOL, { name: 'ARGUMENTS', doc: 'A JSON object; `@FILE` takes a file\'s content, `-` standard input\'s. Left out: none.' }],
    options: [
      { name: 'timeout', value: 'DURATION', doc: 'How long to wait; as long as the server allows by default.' },
      { name: 'key', value: 'KEY', doc: 'Makes an earlier call again, by its key: a tool that heeds keys carries it out once.' },
    ],
    examples: [
      { type: 'caxton tools call everything.echo \'{"message":"hello"}\'', does: 'Calls the tool "echo" of the server "everything".' },
      { type: 'caxton tools call files.write_file @letter.json --timeout 5s', does: 'Takes them from a file; waits five seconds.' },
    ],
    module: new URL('./call-tool-command.js', import.meta.url).href,
  },
  {
    path: ['tools', 'grant'],
    summary: 'Lets agents call tools, from now on.',
    arguments: [AGENTS, TOOLS],
    options: [RULES],
    examples: [
      { type: 'caxton tools grant clerk everything.echo', does: 'Lets the agent "clerk" call one tool.' },
      {
        type: 'caxton tools grant \'shop-*\' \'files.read_*\' --argument \'path=/srv/shared/*\'',
        does: 'Lets agents of a shop read files, in one folder.',
      },
    ],
    module: new URL('./grant-tool-command.js', import.meta.url).href,
  },
  {
    path: ['tools', 'revoke'],
    summary: 'Ends what was granted with just these patterns, at once.',
    arguments: [AGENTS, TOOLS],
    examples: [{ type: 'caxton tools revoke clerk everything.echo', does: 'Takes back what `caxton tools grant` gave.' }],
    module: new URL('./revoke-tool-command.js', import.meta.url).href,
  },
  {
    path: ['tools', 'approve'],
    summary: 'Agrees to a tool as its server defines it now: new, or changed since somebody agreed.',
    arguments: [TOOL],
    options: [{ name: 'hash', value: 'HASH', doc: 'Of the definition that `caxton tools show` showed: another one is not agreed to.' }],
    examples: [{ type: 'caxton tools approve everything.echo', does: 'Lets the tool be called again whose definition has changed.' }],
    module: new URL('./approve-tool-command.js', import.meta.url).href,
  },
]
