import { toolsRemedy } from './build-tools.mjs'

/** What npm's output means, first match first: a pattern, a sentence, a remedy. */
const FAILURES = [
  [/EUSAGE|can only install packages when your package.json and package-lock.json/,
    'npm finds that package.json and package-lock.json do not fit together.',
    'Run:  node scripts/renew-lock.mjs'],
  [/ENOSPC/, 'The disk is full.', 'Free about 500 MB and try again.'],
  [/EACCES|EPERM|EROFS/, 'npm may not write into this folder.',
    'Look at the owner of the folder and of node_modules, and try again.'],
  [/gyp ERR! find Python|not found: make|not found: g\+\+|make: g\+\+: |make: c\+\+: |gyp ERR! find VS|No Xcode/,
    'better-sqlite3 could not be compiled: a build tool is missing.', undefined],
  [/gyp (ERR!|verb).*(nodejs\.org|headers)|node-v[\d.]+-headers/,
    'better-sqlite3 could not be compiled: the headers of Node could not be downloaded.',
    'Name a folder that has include/node of this Node:  npm_config_nodedir=/usr npm test'],
  [/gyp ERR!/, 'better-sqlite3 could not be compiled.', 'The compiler said why; see the log named below.'],
  [/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|SOCKET_TIMEOUT|network/i,
    'The package registry could not be reached.',
    'Look at the network, the proxy (npm config get proxy) and the registry (npm config get registry), and try again.'],
  [/E404|ETARGET/, 'The package registry does not have a package that the lock file names.',
    'Look at the registry that npm uses:  npm config get registry'],
]

const lastLines = output => output.trimEnd().split('\n').slice(-15).join('\n')

/** The sentence and the remedy for a failed `npm ci`. */
export function explainFailure (output) {
  const found = FAILURES.find(([pattern]) => pattern.test(output))
  if (found === undefined) return { sentence: 'npm ci failed.', remedy: lastLines(output) }
  const [, sentence, remedy] = found
  return { sentence, remedy: remedy ?? toolsRemedy() }
}
