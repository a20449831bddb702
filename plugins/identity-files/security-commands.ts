import type { Command, CommandOption } from '../../kernel/contract/index.js'

const DIR: CommandOption = { name: 'dir', value: 'DIR', doc: 'Folder for the files; `tls` by default.' }
const FORCE: CommandOption = { name: 'force', doc: 'Replaces files that are there already.' }

/** Commands that make keys and certificates. They need no server. */
export const securityCommands: readonly Command[] = [
  {
    path: ['security', 'init-ca'],
    summary: 'Makes the authority that signs the certificates of a cluster\'s nodes.',
    options: [
      DIR,
      { name: 'name', value: 'NAME', doc: 'What it is called in certificates; `Caxton cluster authority` by default.' },
      { name: 'validity', value: 'DAYS', doc: 'How long it is valid; `3650d` by default.' },
      FORCE,
    ],
    examples: [
      { type: 'caxton security init-ca', does: 'Makes tls/ca.pem, and its key tls/ca.key, which belongs on no node.' },
      { type: 'caxton security init-ca --dir /etc/caxton/tls --validity 1825d', does: 'Makes them elsewhere, for five years.' },
    ],
    module: new URL('./init-ca-command.js', import.meta.url).href,
  },
  {
    path: ['security', 'gen-cert'],
    summary: 'Makes the key and the certificate of one node, signed by the cluster\'s authority.',
    options: [
      { name: 'node-id', value: 'NAME', required: true, doc: 'The node, as `node.id` in its configuration.' },
      {
        name: 'host', value: 'HOST', repeatable: true,
        doc: 'A DNS name or an IP address under which callers reach the node; localhost is always one.',
      },
      DIR,
      { name: 'validity', value: 'DAYS', doc: 'How long it is valid, its authority\'s end at the latest; `365d` by default.' },
      { name: 'ca-cert', value: 'FILE', doc: 'Certificate of the authority; `ca.pem` in the folder by default.' },
      { name: 'ca-key', value: 'FILE', doc: 'Key of the authority; `ca.key` in the folder by default.' },
      FORCE,
    ],
    examples: [
      { type: 'caxton security gen-cert --node-id node-1', does: 'Makes tls/node-1.pem and tls/node-1.key.' },
      {
        type: 'caxton security gen-cert --node-id node-2 --host node-2.example.com --host 10.0.0.2',
        does: 'Makes them for a node that callers reach under this name and this address.',
      },
    ],
    module: new URL('./gen-cert-command.js', import.meta.url).href,
  },
]
