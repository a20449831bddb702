import { expect } from 'chai'
import { differences } from '../../../scripts/generate.mjs'
import { BANS, styleProblems } from '../../../scripts/lint/house-style.mjs'
import { importsOf } from '../../../scripts/lint/shadow-tree.mjs'
import { topLevelProblems } from '../../../scripts/lint/top-level.mjs'

const breaches = [
  ['cast-to-any', 'kernel/a.ts', 'export const x = JSON.parse("1") as any\n'],
  ['double-cast', 'kernel/a.ts', 'export const x = 1 as unknown as string\n'],
  ['silenced-checker', 'kernel/a.ts', '// @ts-ignore\nexport const x = 1\n'],
  ['silenced-checker', 'kernel/a.ts', '/* oxlint-disable no-console */\n'],
  ['port-opened-by-plugin', 'plugins/api-x/server.ts', 'export const open = (server: S) => server.listen(80)\n'],
  ['port-opened-by-plugin', 'plugins/api-x/server.ts', 'export const open = (s: S) => s.bindAsync("::", 1)\n'],
  ['port-opened-by-plugin', 'plugins/api-x/server.ts', 'export const open = (socket: S) => socket.bind(7946)\n'],
  ['port-opened-by-plugin', 'plugins/api-x/server.ts', 'export const open = () => createSocket("udp4")\n'],
  ['semicolon', 'kernel/a.ts', 'export const x = 1;\n'],
  ['tab-or-trailing-space', 'kernel/a.ts', 'export const x = 1 \n'],
  ['tab-or-trailing-space', 'kernel/a.ts', 'export const x =\t1\n'],
  ['work-left-over', 'kernel/a.ts', '// TODO\n'],
  ['line-too-long', 'kernel/a.ts', `// ${'x'.repeat(138)}\n`],
  ['vague-name', 'kernel/utils/a.ts', ''],
  ['vague-name', 'kernel/helpers.ts', ''],
]

const innocent = [
  ['kernel/a.ts', '// as any other; it is said to be as unknown as before;\n'],
  ['kernel/a.ts', 'export const sql = `\n  select 1;\n`\n'],
  ['kernel/a.ts', 'export const text = "a;"\n'],
  ['kernel/a.ts', 'export const listen = (server: S) => server.listen(0)\n'],
  ['plugins/api-x/server.ts', 'export const open = (l: L) => l.listeners.listen({}, f.bind(undefined))\n'],
  ['kernel/a.ts', `// https://example.org/${'x'.repeat(138)}\n`],
]

describe('the house style', () => {
  for (const [name, path, text] of breaches) {
    it(`${name} catches ${JSON.stringify(text.slice(0, 60))} in ${path}`, () => {
      const found = styleProblems(path, text)
      expect(found, found.join('\n')).to.have.lengthOf(1)
      expect(found[0]).to.include(`: ${name}. `)
    })
  }

  for (const [path, text] of innocent) {
    it(`lets ${JSON.stringify(text.slice(0, 60))} pass in ${path}`, () => {
      expect(styleProblems(path, text)).to.deep.equal([])
    })
  }

  it('names the line', () => {
    expect(styleProblems('kernel/a.ts', 'const a = 1\n\nconst b = 2;\n')[0]).to.match(/^kernel\/a\.ts:3: semicolon\. Leave it out/)
  })

  it('has a case above for each of its bans', () => {
    expect(new Set(breaches.map(([name]) => name))).to.deep.equal(new Set(BANS.map(({ name }) => name)))
  })
})

describe('the imports of a source', () => {
  it('are found in each of their forms, once each, and never in comments', () => {
    const text = `
      import a from './a.js'
      import type { B } from './b.js'
      export * from './c.js'
      export type { D } from './d.js'
      const e = await import('./e.js')
      type F = import('./f.js').F
      const worker = new URL('./g.js', import.meta.url)
      // import './h.js' and new URL('./h.js', import.meta.url)
      import { again } from './a.js'
    `
    expect(importsOf('x.ts', text)).to.deep.equal(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => `./${name}.js`))
  })
})

describe('the top level', () => {
  it('holds what the design lists, and dotfiles', () => {
    expect(topLevelProblems(['README.md', 'kernel/a.ts', '.ci/run', '.gitignore'])).to.deep.equal([])
    expect(topLevelProblems(['notes.txt', 'lib/a.ts', 'lib/b.ts'])).to.have.lengthOf(2)
  })
})

describe('the comparison of generated files', () => {
  it('tells what is missing, out of date, and made from nothing', () => {
    const read = (side, path) => path === 'b' ? side : 'same'
    expect(differences(['a', 'b', 'c'], ['b', 'c', 'd'], read))
      .to.deep.equal(['a is missing', 'b is out of date', 'd is not made from anything any more'])
    expect(differences(['c'], ['c'], read)).to.deep.equal([])
  })
})
