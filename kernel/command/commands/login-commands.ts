import type { Command } from '../../contract/command.js'

/** Commands for who calls a server in their own name. */
export const loginCommands: readonly Command[] = [
  {
    path: ['login'],
    summary: 'Logs you in to a server at its identity provider, and keeps the token for further commands.',
    options: [
      { name: 'issuer', value: 'URL', doc: 'The identity provider; that of the last login by default.' },
      { name: 'client-id', value: 'ID', doc: 'What this program is called there; as at the last login by default.' },
      { name: 'scope', value: 'TEXT', doc: 'Scopes to ask for; `openid offline_access` by default for people.' },
      { name: 'resource', value: 'URI', doc: 'What the server is called at the provider, where that must be said (RFC 8707).' },
      { name: 'issuer-ca', value: 'FILE', doc: 'Certificates to trust the provider by, in PEM, instead of the usual ones.' },
      {
        name: 'client-credentials',
        doc: 'For programs: logs in by the secret of the client, from CAXTON_CLIENT_SECRET or a file.',
      },
      { name: 'client-secret-file', value: 'FILE', doc: 'That secret, in a file that is its owner\'s alone.' },
    ],
    examples: [
      {
        type: 'caxton login --issuer https://id.example.com --client-id caxton',
        does: 'Shows a page and a code, and waits until you have confirmed the login there.',
      },
      { type: 'caxton login', does: 'The same once more, at the provider of the last time.' },
      {
        type: 'caxton login --client-credentials --client-id ci --issuer https://id.test',
        does: 'Logs a program in, by the secret in CAXTON_CLIENT_SECRET.',
      },
    ],
    module: new URL('./login.js', import.meta.url).href,
  },
  {
    path: ['logout'],
    summary: 'Forgets the token of a login, and has the identity provider withdraw it.',
    examples: [
      { type: 'caxton logout', does: 'Ends the login to the server on this machine.' },
      { type: 'caxton logout --server caxton.example.com', does: 'Ends the login to another one.' },
    ],
    module: new URL('./logout.js', import.meta.url).href,
  },
]
