import type { CommandOption } from '../../contract/command.js'

/** Options that every command has, before or after its name. A command's own option of the same name wins after it. */
export const PROGRAM_OPTIONS: readonly CommandOption[] = [
  { name: 'server', value: 'ADDRESS', doc: 'Server to talk to, `host:port` (CAXTON_SERVER; 127.0.0.1:50051).' },
  { name: 'ca', value: 'FILE', doc: 'Certificates to trust, in PEM; makes the connection TLS (CAXTON_CA).' },
  {
    name: 'token-file', value: 'FILE',
    doc: 'An API key or token to send, in a file that is its owner\'s alone (CAXTON_TOKEN_FILE; CAXTON_TOKEN holds one itself).',
  },
  { name: 'client-cert', value: 'FILE', doc: 'Certificate to show to the server, in PEM (CAXTON_CLIENT_CERT).' },
  { name: 'client-key', value: 'FILE', doc: 'Its key, in a file that is its owner\'s alone (CAXTON_CLIENT_KEY).' },
  {
    name: 'output', short: 'o', value: 'FORMAT',
    doc: '`human`, `json` or `yaml`. Data goes to stdout, messages to stderr.',
  },
  { name: 'no-color', doc: 'No colours (NO_COLOR; FORCE_COLOR asks for them).' },
  {
    name: 'config', value: 'FILE',
    doc: 'Configuration that names plugins with commands of their own (CAXTON_CONFIG).',
  },
  { name: 'help', short: 'h', doc: 'Shows this help.' },
  { name: 'version', doc: 'Shows the version.' },
]
