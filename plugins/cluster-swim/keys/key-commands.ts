import type { Command } from '../../../kernel/contract/index.js'

const FINGERPRINT = { name: 'FINGERPRINT', doc: 'Names the key, as `caxton cluster keys list` shows it.', required: true }

/** Commands for the cluster's keys, for the plugin's `commands`. */
export const keyCommands: readonly Command[] = [
  {
    path: ['cluster', 'keys', 'list'],
    summary: 'Shows the keys that gossip is encrypted with, by their fingerprints, and how many nodes have each.',
    examples: [{ type: 'caxton cluster keys list', does: 'Shows whether every node has every key, and which one is in use.' }],
    module: new URL('./key-list-command.js', import.meta.url).href,
  },
  {
    path: ['cluster', 'keys', 'install'],
    summary: 'Gives every node a further key, so that it can decrypt with it.',
    arguments: [{
      name: 'KEY', required: true,
      doc: 'The key: 16, 24 or 32 bytes in base64. `-` takes it from standard input, `@FILE` from a file: then nobody sees it in the '
        + 'list of processes.',
    }],
    examples: [{ type: 'openssl rand -base64 32 | caxton cluster keys install -', does: 'Makes a key and installs it everywhere.' }],
    module: new URL('./key-install-command.js', import.meta.url).href,
  },
  {
    path: ['cluster', 'keys', 'use'],
    summary: 'Has every node encrypt with a key that all of them have.',
    arguments: [FINGERPRINT],
    examples: [{ type: 'caxton cluster keys use 1f0c6f1be2a94d07', does: 'Encrypts with this key from now on.' }],
    module: new URL('./key-use-command.js', import.meta.url).href,
  },
  {
    path: ['cluster', 'keys', 'remove'],
    summary: 'Takes a key that no node encrypts with from all of them.',
    arguments: [FINGERPRINT],
    examples: [{ type: 'caxton cluster keys remove 5d2b8c0e77a1f346', does: 'Forgets the old key, when the new one is in use.' }],
    module: new URL('./key-remove-command.js', import.meta.url).href,
  },
]
