/** All that may lie in the repository's folder (DESIGN §2), besides dotfiles. */
const ALLOWED = new Set([
  'kernel', 'plugins', 'config', 'test', 'scripts', 'docs', 'examples',
  'README.md', 'package.json', 'package-lock.json', 'tsconfig.json', 'LICENSE', 'CHANGELOG.md',
])

/** One sentence for each tracked file at the top level that does not belong there. */
export function topLevelProblems (trackedPaths) {
  const names = new Set(trackedPaths.map(path => path.split('/')[0]))
  return [...names].filter(name => !ALLOWED.has(name) && !name.startsWith('.'))
    .map(name => `${name}: top-level. Only the folders and files of DESIGN §2 lie here: move it into one of them.`)
}
