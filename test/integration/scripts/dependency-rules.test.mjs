import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { dependencyProblems } from '../../../scripts/lint/dependencies.mjs'
import { dependencyRules } from '../../../scripts/lint/dependency-rules.mjs'
import { inProject } from '../../../scripts/project.mjs'

const manifest = JSON.stringify({
  name: 'sample', type: 'module', dependencies: { tsyringe: '*', yaml: '*' }, devDependencies: { chai: '*' },
})

const PLUGIN = 'plugins/one-a/plugin.ts'

/** A tree that breaks nothing; each case below puts one more line into it. */
const innocent = {
  'kernel/contract/index.ts': "export * from './token.js'\n",
  'kernel/contract/token.ts': 'export interface Token { id: string }\n',
  'kernel/lifecycle/host.ts': "import type { Token } from '../contract/index.js'\nexport const x: Token = { id: '' }\n",
  'kernel/routing/ring.ts': "import { stringify } from 'yaml'\nexport const y = stringify({})\n",
  [PLUGIN]: "import type { Token } from '../../kernel/contract/index.js'\nexport const a: Token = { id: '' }\n",
  'plugins/one-b/plugin.ts': 'export interface B { b: number }\n',
  'test/kits/kit.ts': "import type { Token } from '../../kernel/contract/index.js'\nexport type K = Token\n",
  'test/support/clock.ts': 'export interface C { c: number }\n',
}

const breaches = [
  ['kernel-imports-no-plugin', 'kernel/lifecycle/host.ts', "import type { B } from '../../plugins/one-b/plugin.js'"],
  ['kernel-imports-no-plugin', 'kernel/routing/ring.ts', "export const a = () => import('../../plugins/one-b/plugin.js')"],
  ['plugin-imports-only-the-contract', PLUGIN, "import type { Token as T } from '../../kernel/contract/token.js'"],
  ['plugin-imports-only-the-contract', PLUGIN, "import { y } from '../../kernel/routing/ring.js'"],
  ['plugin-imports-no-plugin', PLUGIN, "export type { B } from '../one-b/plugin.js'"],
  ['plugin-imports-no-plugin', PLUGIN, "export type Late = import('../one-b/plugin.js').B"],
  ['contract-stands-alone', 'kernel/contract/token.ts', "import type { y } from '../routing/ring.js'"],
  ['contract-needs-only-protobuf', 'kernel/contract/token.ts', "import { stringify } from 'yaml'"],
  ['only-container-knows-tsyringe', 'kernel/lifecycle/host.ts', "import type { DependencyContainer } from 'tsyringe'"],
  ['kernel-folders-point-inward', 'kernel/routing/ring.ts', "import type { x } from '../lifecycle/host.js'"],
  ['code-imports-no-test', PLUGIN, "import type { C } from '../../test/support/clock.js'"],
  ['kits-see-only-the-contract', 'test/kits/kit.ts', "import type { C } from '../support/clock.js'"],
  ['no-cycles', 'kernel/contract/token.ts', "import type { Token as T } from './index.js'"],
  ['imports-lead-somewhere', 'kernel/routing/ring.ts', "import { z } from './rong.js'"],
  ['declared-dependencies-only', 'kernel/routing/ring.ts', "import { expect } from 'chai'"],
]

describe('the dependency rules', () => {
  let base

  const put = (path, text) => {
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), text)
  }
  const problems = () => dependencyProblems(base, inProject('node_modules'))

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'caxton-rules-'))
    put('package.json', manifest)
    for (const [path, text] of Object.entries(innocent)) put(path, text)
  })

  afterEach(() => rmSync(base, { recursive: true, force: true }))

  it('find nothing in a tree that keeps them', async () => {
    expect(await problems()).to.deep.equal([])
  })

  for (const [rule, path, line] of breaches) {
    it(`${rule} catches ${line}`, async () => {
      put(path, `${line}\n${innocent[path]}`)
      const found = await problems()
      expect(found.filter(sentence => sentence.includes(`: ${rule}. `)), found.join('\n')).to.have.lengthOf(1)
    })
  }

  it('are each shown to fire by a case above', () => {
    expect(new Set(breaches.map(([rule]) => rule))).to.deep.equal(new Set(dependencyRules.map(({ name }) => name)))
  })
})
