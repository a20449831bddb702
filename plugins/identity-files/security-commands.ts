import type { Command, CommandOption } from '../../kernel/contract/index.js'

const DIR: CommandOption = { name: 'dir', value: 'DIR', doc: 'Folder for the files; `tls` by default.' }
const AUTHORITY: readonly CommandOption[] = [
  { name: 'ca-cert', value: 'FILE', doc: 'Certificate of the authority; `ca.pem` in the folder by default.' },
  { name: 'ca-key', value: 'FILE', doc: 'Key of the authority; `ca.key` in the folder by default.' },
]
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
      ...AUTHORITY,
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
  {
    path: ['security', 'gen-client-cert'],
    summary: 'Makes the key and the certificate of a person or a program that calls the server.',
    options: [
      { name: 'cn', value: 'NAME', required: true, doc: 'Whose it is: the name that `auth-mtls` goes by.' },
      { name: 'email', value: 'ADDRESS', repeatable: true, doc: 'An e-mail address in it.' },
      { name: 'uri', value: 'URI', repeatable: true, doc: 'A URI in it, such as `spiffe://example.com/ci`.' },
      DIR,
      { name: 'validity', value: 'DAYS', doc: 'How long it is valid, its authority\'s end at the latest; `90d` by default.' },
      ...AUTHORITY,
      FORCE,
    ],
    examples: [
      {
        type: 'caxton security gen-client-cert --cn ann',
        does: 'Makes tls/client-ann.pem and tls/client-ann.key. It can not serve as a node\'s.',
      },
    ],
    module: new URL('./gen-client-cert-command.js', import.meta.url).href,
  },
  {
    path: ['security', 'renew'],
    summary: 'Makes a new key and certificate in the place of old ones, for the same names, from the same authority.',
    arguments: [{ name: 'certificate', doc: 'File of the certificate.', required: true }],
    options: [
      { name: 'key', value: 'FILE', doc: 'File of its key; by default beside it, with `.key` at its end.' },
      { name: 'validity', value: 'DAYS', doc: 'How long it is valid; by default as long as the old one was.' },
      { name: 'request', value: 'FILE', doc: 'Makes no key: the certificate is for the one that this request was made for.' },
      DIR,
      ...AUTHORITY,
    ],
    examples: [
      { type: 'caxton security renew tls/node-1.pem', does: 'Renews a node\'s certificate. The old one stays good until its end.' },
      {
        type: 'caxton security renew tls/node-1.pem --request node-1.csr',
        does: 'Renews it for a key that stays on the node: see `caxton security request`.',
      },
    ],
    module: new URL('./renew-command.js', import.meta.url).href,
  },
  {
    path: ['security', 'request'],
    summary: 'Makes a new key for a certificate, and a request by which it is renewed where the authority\'s key is.',
    arguments: [{ name: 'certificate', doc: 'File of the certificate.', required: true }],
    options: [FORCE],
    examples: [
      {
        type: 'caxton security request tls/node-1.pem',
        does: 'Makes tls/node-1.next.key, which stays on this machine, and tls/node-1.csr for `caxton security renew --request`.',
      },
    ],
    module: new URL('./request-command.js', import.meta.url).href,
  },
  {
    path: ['security', 'revoke'],
    summary: 'Puts certificates on their authority\'s list of revoked ones.',
    arguments: [{ name: 'certificate', doc: 'Files of the certificates; without one, the list is only made anew.', repeatable: true }],
    options: [
      { name: 'serial', value: 'HEX', repeatable: true, doc: 'Serial number of a certificate whose file is lost.' },
      { name: 'list', value: 'FILE', doc: 'The list; `ca.crl` in the folder by default. Made if it is missing.' },
      { name: 'validity', value: 'DAYS', doc: 'When the next list is promised; `365d` by default.' },
      DIR,
      ...AUTHORITY,
    ],
    examples: [
      { type: 'caxton security revoke tls/client-ann.pem', does: 'Makes tls/ca.crl, or adds to it. Every node needs the new list.' },
    ],
    module: new URL('./revoke-command.js', import.meta.url).href,
  },
  {
    path: ['security', 'status'],
    summary: 'Shows every certificate of a folder: whose it is, its dates, which authority trusts it, whether it is revoked.',
    options: [DIR],
    examples: [
      {
        type: 'caxton security status --dir /etc/caxton/tls',
        does: 'Ends with 1 if one is over, revoked or unreadable: for a daily check.',
      },
    ],
    module: new URL('./status-command.js', import.meta.url).href,
  },
]
