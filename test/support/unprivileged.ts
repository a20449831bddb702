import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { packageRoot } from '../../kernel/lifecycle/package-root.js'

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']

/** Words to put before a program of the system, so that it runs without root's privileges; none are needed for who is not root. */
export function withoutRoot (): readonly string[] {
  return process.getuid?.() === 0 ? AS_NOBODY : []
}

/**
 * Words to put before Caxton's command so that it runs {@link withoutRoot}. Undefined, and said, where the user nobody may not read
 * this copy of Caxton or run this Node.
 */
export function unprivileged (): readonly string[] | undefined {
  const [command, ...words] = withoutRoot()
  if (command === undefined) return []
  const look = `require('node:fs').accessSync(${JSON.stringify(path.join(packageRoot, 'package.json'))})`
  if (spawnSync(command, [...words, process.execPath, '-e', look]).status === 0) return AS_NOBODY
  process.stdout.write('      skipped: the user nobody may not read this copy of Caxton, or run this Node\n')
  return undefined
}
