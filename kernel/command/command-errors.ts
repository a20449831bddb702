import { defineError, type ErrorEntry } from '../contract/errors.js'

const didYouMean = (near: readonly string[]): string =>
  near.length === 0 ? '' : `; did you mean ${near.map(word => `\`${word}\``).join(' or ')}?`

export const CommandUnknown = defineError({
  code: 'COMMAND_UNKNOWN',
  kind: 'invalid',
  meaning: 'The words after `caxton` name no command.',
  remedy: 'See the commands with `caxton --help`. Commands of plugins that are not built in need `CAXTON_CONFIG=FILE`.',
  sentence: (d: { typed: string, near: readonly string[] }) =>
    `there is no command \`${d.typed}\`${didYouMean(d.near)}`,
})

export const CommandOptionUnknown = defineError({
  code: 'COMMAND_OPTION_UNKNOWN',
  kind: 'invalid',
  meaning: 'The command has no such option.',
  remedy: 'See the options with `--help` after the command. Write a value that begins with a dash as `--option=VALUE`.',
  sentence: (d: { command: string, option: string, near: readonly string[] }) =>
    `\`${d.command}\` has no option \`${d.option}\`${didYouMean(d.near)}`,
})

export const CommandOptionMisused = defineError({
  code: 'COMMAND_OPTION_MISUSED',
  kind: 'invalid',
  meaning: 'An option lacks its value, has one that it does not take, is missing, or was given twice.',
  remedy: 'See the options with `--help` after the command. Write a value that begins with a dash as `--option=VALUE`.',
  sentence: (d: { command: string, option: string, problem: string }) =>
    `option \`${d.option}\` of \`${d.command}\` ${d.problem}`,
})

export const CommandArgumentMissing = defineError({
  code: 'COMMAND_ARGUMENT_MISSING',
  kind: 'invalid',
  meaning: 'The command needs an argument that was not given.',
  remedy: 'See the arguments with `--help` after the command.',
  sentence: (d: { command: string, argument: string, doc: string }) =>
    `\`${d.command}\` needs ${d.argument}: ${d.doc.replace(/\.$/, '')}`,
})

export const CommandArgumentUnexpected = defineError({
  code: 'COMMAND_ARGUMENT_UNEXPECTED',
  kind: 'invalid',
  meaning: 'More arguments were given than the command takes.',
  remedy: 'Put quotes around a value that contains spaces; see the arguments with `--help` after the command.',
  sentence: (d: { command: string, argument: string }) => `\`${d.command}\` takes no further argument "${d.argument}"`,
})

export const CommandValueInvalid = defineError({
  code: 'COMMAND_VALUE_INVALID',
  kind: 'invalid',
  meaning: 'The value of an option or argument is none that it can have.',
  remedy: 'See what it takes with `--help` after the command.',
  sentence: (d: { what: string, value: string, expected: string, near?: readonly string[] }) =>
    `${d.what} can't be "${d.value}": ${d.expected}${didYouMean(d.near ?? [])}`,
})

export const CommandFileUnreadable = defineError({
  code: 'COMMAND_FILE_UNREADABLE',
  kind: 'invalid',
  meaning: 'A file named on the command line can\'t be read.',
  remedy: 'Check the path, which is taken from the current folder, and the permissions of the file.',
  sentence: (d: { file: string, reason: string }) => `can't read ${d.file}: ${d.reason}`,
})

export const CommandFileExposed = defineError({
  code: 'COMMAND_FILE_EXPOSED',
  kind: 'invalid',
  meaning: 'A file with a secret can be read by others than its owner, so that it may be known to anybody.',
  remedy: 'Take the right away with `chmod 600 FILE`. If others could log in to this machine, replace the secret too.',
  sentence: (d: { file: string, mode: string }) => `others than its owner may use ${d.file} (its mode is ${d.mode})`,
})

export const CommandCredentialInvalid = defineError({
  code: 'COMMAND_CREDENTIAL_INVALID',
  kind: 'invalid',
  meaning: 'What should prove who calls is no credential: empty, several lines, not ASCII, or a key that is not the certificate\'s.',
  remedy: 'Copy the key or token again, as it was shown when it was made; give a certificate together with its own key.',
  sentence: (d: { place: string, problem: string }) => `${d.place} can't be used: ${d.problem}`,
})

export const CommandMessageMalformed = defineError({
  code: 'COMMAND_MESSAGE_MALFORMED',
  kind: 'invalid',
  meaning: 'A message on the command line is written neither in FIPA\'s string form (SC00070I) nor in the JSON form.',
  remedy: 'Correct what the mark stands under; docs/messages.md describes both forms.',
  sentence: (d: { source: string, place: string, reason: string, excerpt: readonly string[] }) =>
    [`${d.source} can't be understood${d.place}: ${d.reason}`, ...d.excerpt].join('\n'),
})

export const CommandTimedOut = defineError({
  code: 'COMMAND_TIMED_OUT',
  kind: 'timeout',
  meaning: 'The server did not answer within the time that the command allows.',
  remedy: 'See how the server does with `caxton server status`. What was asked for may still have happened.',
  sentence: (d: { seconds: number }) => `no answer from the server within ${d.seconds} s`,
})

export const CommandConnectorMissing = defineError({
  code: 'COMMAND_CONNECTOR_MISSING',
  kind: 'configuration',
  meaning: 'No plugin of this installation offers a way to reach a server.',
  remedy: 'Build or install Caxton again: `npm run build`, or `npm install caxton-server`.',
  sentence: () => 'no plugin of this installation can reach a server',
})

export const CommandIndexMissing = defineError({
  code: 'COMMAND_INDEX_MISSING',
  kind: 'configuration',
  meaning: 'The list of commands, which the build writes, is not there or is not readable.',
  remedy: 'Build Caxton again: `npm run build`.',
  sentence: (d: { file: string }) => `can't read the list of commands ${d.file}`,
})

export const CommandIndexInvalid = defineError({
  code: 'COMMAND_INDEX_INVALID',
  kind: 'configuration',
  meaning: 'The build found commands, connectors or errors that contradict the rules or each other.',
  remedy: 'Correct the command or error tables that the message names.',
  sentence: (d: { problems: readonly string[] }) => `the command index can't be made: ${d.problems.join('; ')}`,
})

export const CommandFailed = defineError({
  code: 'COMMAND_FAILED',
  kind: 'internal',
  meaning: 'A command failed in a way that nobody foresaw: a defect of the command.',
  remedy: 'Run it again with CAXTON_DEBUG=1 to see where, and report it.',
  sentence: (d: { reason: string }) => d.reason,
})

export const ErrorCodeUnknown = defineError({
  code: 'ERROR_CODE_UNKNOWN',
  kind: 'not-found',
  meaning: 'No part of this installation declares an error with this code.',
  remedy: 'List all codes with `caxton explain`.',
  sentence: (d: { code: string, near: readonly string[] }) =>
    `there is no error code \`${d.code}\`${didYouMean(d.near)}`,
})

export const commandErrors: readonly ErrorEntry[] = [
  CommandUnknown, CommandOptionUnknown, CommandOptionMisused, CommandArgumentMissing, CommandArgumentUnexpected,
  CommandValueInvalid, CommandFileUnreadable, CommandFileExposed, CommandCredentialInvalid, CommandMessageMalformed,
  CommandTimedOut, CommandConnectorMissing, CommandIndexMissing, CommandIndexInvalid, CommandFailed, ErrorCodeUnknown,
]
