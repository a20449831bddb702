import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { REPOSITORY } from '../docs/markdown.js'

interface LockedPackage { readonly dev?: boolean, readonly devOptional?: boolean }

/** Packs the package in a folder as `npm publish` would, without building it again; gives the path of the tarball. */
export function pack (folder: string, destination: string): string {
  const cache = join(destination, 'cache')
  const words = ['pack', '--json', '--ignore-scripts', '--offline', '--cache', cache, '--pack-destination', destination]
  const text = execFileSync('npm', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const [packed] = JSON.parse(text) as ReadonlyArray<{ readonly filename: string }>
  return join(destination, (packed?.filename ?? '').replace('@', '').replace('/', '-'))
}

/** Puts what a tarball holds into a `node_modules`, as `npm install` does without a network. Gives the folder of the package. */
export function unpack (tarball: string, modules: string): string {
  const begun = join(modules, '.begun')
  mkdirSync(begun, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', begun])
  const { name } = JSON.parse(readFileSync(join(begun, 'package', 'package.json'), 'utf8')) as { readonly name: string }
  const home = join(modules, name)
  mkdirSync(dirname(home), { recursive: true })
  renameSync(join(begun, 'package'), home)
  rmSync(begun, { recursive: true })
  return home
}

/** Adds to a `node_modules` what the packed Caxton depends on, and nothing that it only needs to be built and tested. */
export function addDependencies (modules: string): void {
  const { packages } = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as
    { readonly packages: Readonly<Record<string, LockedPackage>> }
  const needed = Object.entries(packages).flatMap(([path, { dev, devOptional }]) =>
    dev === true || devOptional === true ? [] : /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1] ?? [])
  for (const name of needed) addModule(name, modules)
}

/** Adds one package of this tree to a `node_modules`. */
export function addModule (name: string, modules: string): void {
  const [source, target] = [join(REPOSITORY, 'node_modules', name), join(modules, name)]
  if (!existsSync(source) || existsSync(target)) return
  mkdirSync(dirname(target), { recursive: true })
  symlinkSync(source, target)
}

/** What the author of a plugin in TypeScript has installed besides Caxton. */
export function addTools (modules: string): void {
  for (const name of ['typescript', '@types/node', 'undici-types']) addModule(name, modules)
  for (const name of readdirSync(join(REPOSITORY, 'node_modules', '@typescript'))) addModule(`@typescript/${name}`, modules)
}
