import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where better-sqlite3 fetches its compiled form from; without it, it is compiled here. */
const PREBUILT = 'https://github.com/WiseLibs/better-sqlite3/releases'

/** One command of each row must be present to compile a native package. */
const TOOLS = [['python3', 'python'], ['make', 'gmake'], ['g++', 'c++', 'clang++']]

const INSTALLERS = [
  ['apt-get', 'apt-get install -y python3 make g++'],
  ['dnf', 'dnf install -y python3 make gcc-c++'],
  ['apk', 'apk add python3 make g++'],
  ['pacman', 'pacman -S --needed python make gcc'],
  ['xcode-select', 'xcode-select --install'],
]

/** Whether a command is on the path. */
export function isOnPath (command, path = process.env.PATH ?? '') {
  return path.split(delimiter).some(folder => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** The tools that compiling needs and this machine lacks, by their usual names. */
export function missingTools (has = isOnPath) {
  return TOOLS.filter(names => !names.some(name => has(name))).map(([name]) => name)
}

/** What to type to get them. */
export function toolsRemedy (has = isOnPath) {
  const line = INSTALLERS.find(([installer]) => has(installer))?.[1]
  if (line === undefined) return 'Install Python 3, make and a C++ compiler, then try again.'
  return `Install them, then try again:  ${line}`
}

/** Whether the compiled better-sqlite3 can be downloaded; a proxy or a mirror gets the benefit of the doubt. */
export async function canDownload (environment = process.env, get = fetch) {
  const names = ['HTTPS_PROXY', 'https_proxy', 'npm_config_https_proxy', 'npm_config_better_sqlite3_binary_host']
  if (names.some(name => environment[name])) return true
  try {
    await get(PREBUILT, { method: 'HEAD', signal: AbortSignal.timeout(4000) })
    return true
  } catch {
    return false
  }
}
