import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Native packages are compiled against the headers of Node. Where they lie already, node-gyp need not download
 * them, which is impossible on a machine that reaches nothing but the package registry.
 */

/** The major version whose headers lie in `folder`, or undefined where there are none. */
export function headersIn (folder) {
  try {
    const text = readFileSync(join(folder, 'include', 'node', 'node_version.h'), 'utf8')
    const major = /^#define NODE_MAJOR_VERSION (\d+)/m.exec(text)?.[1]
    return major === undefined ? undefined : Number(major)
  } catch {
    return undefined
  }
}

/**
 * The folder to name to node-gyp as `nodedir`, or undefined when nothing needs to be said: the user's own setting
 * works, or no headers are here and node-gyp has to download them.
 */
export function chooseHeaders ({ setting, node, major, look = headersIn }) {
  const works = folder => look(folder) === major
  if (setting && works(setting)) return undefined
  return [dirname(dirname(node)), '/usr', '/usr/local'].find(works)
}
