import { spawnSync } from 'node:child_process'
import { expect } from 'chai'

const MODULE = new URL('../../../../../kernel/command/commands/server-compiler.js', import.meta.url).href

describe('how V8 compiles a server', () => {
  it('is told in flags that this version of V8 knows', () => {
    const program = `import { setServerCompiler } from '${MODULE}'; setServerCompiler()`
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
  })
})
