import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { inProject, root } from './project.mjs'

/** Everything that the build reads. */
const FOLDERS = ['kernel', 'plugins', 'test', 'scripts', 'examples']
const FILES = ['package.json', 'package-lock.json', 'tsconfig.json']
const NEVER = new Set(['node_modules', 'dist', 'build', '.caxton'])
const SOURCE = /\.(ts|mjs|cjs|json|proto|wat|c|h|rs|zig|toml)$/

/** All files below a folder whose name fits, as paths from `base`; a folder that is not there has none. */
export function filesBelow (folder, pattern, base = root) {
  let entries
  try {
    entries = readdirSync(join(base, folder), { withFileTypes: true })
  } catch {
    return []
  }
  return entries.flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return NEVER.has(entry.name) ? [] : filesBelow(path, pattern, base)
    return pattern.test(entry.name) ? [path] : []
  })
}

/** A word that changes when a source is changed, added, removed or renamed. From sizes and times, so it is quick. */
export function sourceSignature (folders = FOLDERS, files = FILES, base = root) {
  const hash = createHash('sha256')
  for (const path of [...files, ...folders.flatMap(folder => filesBelow(folder, SOURCE, base))].sort()) {
    const found = statSync(join(base, path), { throwIfNoEntry: false })
    hash.update(`${path} ${found?.mtimeMs} ${found?.size}\n`)
  }
  return hash.digest('hex')
}

/** Compiled files whose source is gone. Only what the compiler wrote has a map beside it. */
export function staleOutputs (base = root) {
  return filesBelow('dist', /\.js\.map$/, base).filter(map => {
    const source = relative('dist', map).replace(/\.js\.map$/, '.ts')
    return statSync(join(base, source), { throwIfNoEntry: false }) === undefined
  }).flatMap(map => [map, map.replace(/\.map$/, ''), map.replace(/\.js\.map$/, '.d.ts')])
}

/** Where the signature of what was built last is kept. */
export const buildStamp = inProject('dist', '.caxton-build')
