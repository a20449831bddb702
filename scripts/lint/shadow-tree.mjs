import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseSource, withoutComments } from './source-text.mjs'

/**
 * dependency-cruiser reads TypeScript through the programming interface of the compiler, which TypeScript 7 does not
 * have; on compiled code it would miss `import type`. So it is shown a tree of the same shape in plain JavaScript, in
 * which each file consists of the imports of its original and nothing else. Imports name `.js` files, so they lead to
 * one another there.
 */

const CALLED = [/\bimport\((['"])([^'"]+)\1/g, /\bnew URL\((['"])(\.[^'"]+\.js)\1, import\.meta\.url\)/g]

/** What a source imports: `import`, `import type`, `export from`, `import('./x.js')`, and what it names by URL. */
export function importsOf (path, text) {
  const parsed = parseSource(path, text)
  const { staticImports, staticExports } = parsed.module
  const code = withoutComments(text, parsed)
  const named = [
    ...staticImports.map(found => found.moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.map(entry => entry.moduleRequest?.value)),
    ...CALLED.flatMap(pattern => [...code.matchAll(pattern)].map(([, , specifier]) => specifier)),
  ]
  return [...new Set(named.filter(specifier => typeof specifier === 'string'))]
}

/** The name of a file in the shadow tree, and back. */
export const shadowName = path => path.replace(/\.ts$/, '.js')
export const sourceName = path => path.replace(/\.js$/, '.ts')

/** Writes the shadow of some files of `base` into a new temporary folder. */
export function castShadow (base, files, modules = join(base, 'node_modules')) {
  const folder = mkdtempSync(join(tmpdir(), 'caxton-shadow-'))
  for (const path of files) {
    const imports = importsOf(path, readFileSync(join(base, path), 'utf8'))
    const lines = imports.map(specifier => `import ${JSON.stringify(specifier)}\n`)
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, shadowName(path)), lines.join(''))
  }
  writeFileSync(join(folder, 'package.json'), readFileSync(join(base, 'package.json')))
  symlinkSync(modules, join(folder, 'node_modules'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
