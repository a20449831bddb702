import { spawnSync } from 'node:child_process'
import { expect } from 'chai'
import { serverCompilerFlags } from '../../../../../kernel/command/commands/server-compiler.js'

const MODULE = new URL('../../../../../kernel/command/commands/server-compiler.js', import.meta.url).href

describe('how V8 compiles a server', () => {
  it('optimizes late where V8 counts bytes of code, and when it likes where it counts calls', () => {
    const inlining = '--max-inlined-bytecode-size-cumulative=4600'
    expect(serverCompilerFlags('11.3.244.8-node.33')).to.deep.equal([inlining, '--interrupt-budget=400000'])
    for (const version of ['12.4.254.21-node.57', '13.6.233.17-node.44']) expect(serverCompilerFlags(version)).to.deep.equal([inlining])
  })

  it('is told in flags that this version of V8 knows', () => {
    const program = `import { setServerCompiler } from '${MODULE}'; setServerCompiler()`
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
    expect({ status, stderr }).to.deep.equal({ status: 0, stderr: '' })
  })
})
