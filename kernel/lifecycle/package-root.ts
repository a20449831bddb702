import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the installed package: where package.json, config/ and dist/ lie. */
export const packageRoot = path.resolve(fileURLToPath(new URL('../../..', import.meta.url)))

/** Version of this Caxton, as its package.json says. */
export function packageVersion (): string {
  const { version } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { readonly version: string }
  return version
}
