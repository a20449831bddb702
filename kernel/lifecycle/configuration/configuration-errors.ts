import { defineError, type ErrorEntry } from '../../contract/index.js'

export const ConfigFileNotFound = defineError({
  code: 'CONFIG_FILE_NOT_FOUND', kind: 'configuration',
  meaning: 'The configuration file that was named does not exist.',
  remedy: 'Check the path after --config, or leave --config out to start with the built-in development configuration.',
  sentence: (d: { file: string }) => `there is no configuration file ${d.file}`,
})

export const ConfigFileUnreadable = defineError({
  code: 'CONFIG_FILE_UNREADABLE', kind: 'configuration',
  meaning: 'The configuration file exists but cannot be read, or is far too large to be one.',
  remedy: 'Make it a readable file of at most 1 MiB; the cause below says what the system answered.',
  sentence: (d: { file: string }) => `cannot read the configuration file ${d.file}`,
})

export const ConfigSyntax = defineError({
  code: 'CONFIG_SYNTAX', kind: 'configuration',
  meaning: 'The configuration file is not valid TOML, or not valid UTF-8.',
  remedy: 'Correct the line that is shown; https://toml.io/en/v1.0.0 describes the format.',
  sentence: (d: { file: string, line: number, column: number, complaint: string }) =>
    `${d.file}, line ${d.line}, column ${d.column}: ${d.complaint}`,
})

export const ConfigInvalid = defineError({
  code: 'CONFIG_INVALID', kind: 'configuration',
  meaning: 'A key has a value that its format or its bounds do not allow, or lacks a value that it must have.',
  remedy: 'Give a value as described; config/prod.toml explains every key.',
  sentence: (d: { path: string, complaint: string }) => `${d.path}: ${d.complaint}`,
})

export const ConfigUnknownKey = defineError({
  code: 'CONFIG_UNKNOWN_KEY', kind: 'configuration',
  meaning: 'The configuration has a key that nobody reads, most often a spelling mistake.',
  remedy: 'Remove it, or use one of the keys that are listed.',
  sentence: (d: {
    path: string, known: readonly string[], origin?: string | undefined, meant?: string | undefined,
  }) => {
    const from = d.origin === undefined ? '' : `, set by ${d.origin},`
    return `${d.path}${from} is not a key` + (d.meant === undefined ? '' : ` (did you mean "${d.meant}"?)`)
  },
})

export const ConfigKeyRefused = defineError({
  code: 'CONFIG_KEY_REFUSED', kind: 'configuration',
  meaning: 'A key has a name by which JavaScript reaches the prototype of an object. No key anywhere may have one.',
  remedy: 'Give the key another name.',
  sentence: (d: { path: string, key: string }) => `${d.path}: "${d.key}" is not allowed as a key`,
})

export const ConfigVariableMissing = defineError({
  code: 'CONFIG_VARIABLE_MISSING', kind: 'configuration',
  meaning: 'A text of the configuration file names an environment variable that is not set and gives no default.',
  remedy: 'Set the variable, or write a default into the file: ${NAME:-default}.',
  sentence: (d: { path: string, variable: string }) => `${d.path}: the environment variable ${d.variable} is not set`,
})

export const ConfigVariableMalformed = defineError({
  code: 'CONFIG_VARIABLE_MALFORMED', kind: 'configuration',
  meaning: 'A text of the configuration file has a ${ that does not begin a variable.',
  remedy: 'Write ${NAME}, ${NAME:-default} or ${file:PATH}; a literal ${ is written $${.',
  sentence: (d: { path: string, near: string }) => `${d.path}: "${d.near}" is not a variable`,
})

export const ConfigValueFileUnreadable = defineError({
  code: 'CONFIG_VALUE_FILE_UNREADABLE', kind: 'configuration',
  meaning: 'The configuration file takes a value from a file of its own, as `${file:PATH}`, and that can not be read.',
  remedy: 'Check that the file is there, that the user that runs Caxton may read it, and that it has at most 64 KiB. Relative paths are '
    + 'taken from the folder of the configuration file.',
  sentence: (d: { path: string, file: string, reason: string }) => `${d.path}: can't read ${d.file}: ${d.reason}`,
})

export const ConfigSettingMalformed = defineError({
  code: 'CONFIG_SETTING_MALFORMED', kind: 'configuration',
  meaning: 'A --set option or a CAXTON_ environment variable with double underscores does not name a key.',
  remedy: 'Write --set plugins.api-grpc.port=50051, or CAXTON_PLUGINS__API_GRPC__PORT=50051.',
  sentence: (d: { setting: string, complaint: string }) => `${d.setting}: ${d.complaint}`,
})

export const configurationErrors: readonly ErrorEntry[] = [
  ConfigFileNotFound, ConfigFileUnreadable, ConfigSyntax, ConfigInvalid, ConfigUnknownKey, ConfigKeyRefused,
  ConfigVariableMissing, ConfigVariableMalformed, ConfigValueFileUnreadable, ConfigSettingMalformed,
]
