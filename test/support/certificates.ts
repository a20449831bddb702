import { readFileSync } from 'node:fs'
import type { Credentials } from '../../kernel/contract/index.js'

/** Tests run from `dist/test`, the fixtures stay where they are. */
const FOLDER = new URL('../../../test/fixtures/certificates/', import.meta.url)

/** A certificate or key of `test/fixtures/certificates`, in PEM. */
export const pem = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8')

/** What a node with one of the fixture certificates has. */
export const credentialsOf = (name: string, authority = 'authority'): Credentials =>
  ({ key: pem(`${name}.key`), chain: pem(`${name}.pem`), trust: pem(`${authority}.pem`) })
