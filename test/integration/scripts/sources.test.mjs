import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { sourceSignature, staleOutputs } from '../../../scripts/sources.mjs'

describe('the sources of the build', () => {
  let base
  const put = (path, text = '') => {
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), text)
  }
  const signature = () => sourceSignature(['kernel'], ['package.json'], base)

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'caxton-sources-'))
    put('kernel/a.ts')
    put('kernel/b.ts')
  })

  afterEach(() => rmSync(base, { recursive: true, force: true }))

  it('have one signature as long as nothing happens to them', () => {
    const before = signature()
    put('kernel/notes.md')
    put('kernel/build/made.ts')
    put('dist/kernel/a.js')
    expect(signature()).to.equal(before)
  })

  it('have another when a file is changed, added, removed or touched', () => {
    const seen = new Set([signature()])
    put('kernel/a.ts', 'more')
    seen.add(signature())
    put('kernel/c.ts')
    seen.add(signature())
    rmSync(join(base, 'kernel/b.ts'))
    seen.add(signature())
    utimesSync(join(base, 'kernel/a.ts'), 1, 1)
    seen.add(signature())
    put('package.json', '{}')
    seen.add(signature())
    expect(seen).to.have.lengthOf(6)
  })

  it('leave outputs behind when they go, but only those of the compiler count', () => {
    for (const name of ['a', 'gone']) for (const end of ['js', 'js.map', 'd.ts']) put(`dist/kernel/${name}.${end}`)
    put('dist/kernel/commands.js')
    expect(staleOutputs(base).sort()).to.deep.equal(['dist/kernel/gone.d.ts', 'dist/kernel/gone.js', 'dist/kernel/gone.js.map'])
  })
})
