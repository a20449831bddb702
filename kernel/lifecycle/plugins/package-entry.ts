import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { isRecord } from './schema-shape.js'

/**
 * The file that `import 'specifier'` would load if it stood in a module inside `folder`: Node's own rules (ESM,
 * "Resolution Algorithm Specification"), because `import.meta.resolve` takes no other place than the module that calls
 * it. Undefined when there is no such package; the file itself may be missing.
 */
export async function packageEntry (specifier: string, folder: string): Promise<string | undefined> {
  const [, name, rest] = /^((?:@[^/@\s]+\/)?[^./@\s][^/@\s]*)(\/.+)?$/.exec(specifier) ?? []
  if (name === undefined) return undefined
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const home = path.join(at, 'node_modules', name)
    const description = await descriptionOf(home)
    if (description !== undefined) return entryOf(home, description, `.${rest ?? ''}`)
    if (at === path.dirname(at)) return undefined
  }
}

export async function isFile (file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false
}

type Description = Readonly<Record<string, unknown>>

async function descriptionOf (home: string): Promise<Description | undefined> {
  try {
    const description: unknown = JSON.parse(await readFile(path.join(home, 'package.json'), 'utf8'))
    return isRecord(description) ? description : {}
  } catch (error) {
    // A package.json that is there but broken: the package was found, and its entry is looked for in the usual place.
    return error instanceof SyntaxError ? {} : undefined
  }
}

async function entryOf (home: string, description: Description, subpath: string): Promise<string | undefined> {
  if (description.exports !== undefined && description.exports !== null) {
    const target = exported(description.exports, subpath)
    return target === undefined ? undefined : inside(home, target)
  }
  if (subpath !== '.') return inside(home, subpath)
  const main = inside(home, typeof description.main === 'string' ? description.main : 'index.js')
  for (const candidate of main === undefined ? [] : [main, `${main}.js`, path.join(main, 'index.js')]) {
    if (await isFile(candidate)) return candidate
  }
  return main
}

function exported (exports: unknown, subpath: string): string | undefined {
  const hasSubpaths = isRecord(exports) && Object.keys(exports).some(key => key.startsWith('.'))
  if (!hasSubpaths) return subpath === '.' ? target(exports, '') : undefined
  if (Object.hasOwn(exports, subpath)) return target(exports[subpath], '')
  for (const [pattern, value] of Object.entries(exports)) {
    const [before, after] = pattern.split('*')
    if (before === undefined || after === undefined || !subpath.startsWith(before) || !subpath.endsWith(after)) continue
    return target(value, subpath.slice(before.length, subpath.length - after.length))
  }
  return undefined
}

const CONDITIONS = ['node', 'import', 'module-sync', 'default']

function target (value: unknown, star: string): string | undefined {
  if (typeof value === 'string') return value.replaceAll('*', star)
  const choices = Array.isArray(value)
    ? value
    : isRecord(value) ? Object.keys(value).filter(key => CONDITIONS.includes(key)).map(key => value[key]) : []
  for (const choice of choices) {
    const found = target(choice, star)
    if (found !== undefined) return found
  }
  return undefined
}

function inside (home: string, relative: string): string | undefined {
  const file = path.resolve(home, relative)
  return file.startsWith(home + path.sep) ? file : undefined
}
