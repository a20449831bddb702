import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { actCode, FRAME } from '../../../../kernel/contract/index.js'
import { hostImport, hostImportNames } from '../../../../plugins/engine-wasm/host/host-imports.js'
import { VALUE_TYPES, type FunctionType } from '../../../../plugins/engine-wasm/module/value-types.js'
import { assemble } from '../../../support/wasm/assemble.js'
import { deploy } from '../../../support/wasm/deploy.js'
import { RecordingHost } from '../../../support/wasm/recording-host.js'

/** Debian: clang and lld. */
const COMPILER = 'clang'
const LINKER = 'wasm-ld'
const DOCUMENT = new URL('../../../../../docs/agent-abi.md', import.meta.url)

async function example (language: string): Promise<string> {
  const text = await readFile(DOCUMENT, 'utf8')
  const found = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(text)
  return found?.[1] ?? expect.fail(`docs/agent-abi.md has no example in ${language}`)
}

/** Sends one request and expects it back as an inform to its sender. */
async function expectEcho (module: Uint8Array): Promise<void> {
  const host = new RecordingHost()
  const guest = await deploy(module, host)
  guest.start(new Uint8Array(0))
  const frame = new Uint8Array(FRAME.headerBytes + 2).fill(1, FRAME.headerBytes)
  const header = new DataView(frame.buffer)
  header.setUint32(FRAME.length, frame.length, true)
  header.setUint8(FRAME.act, actCode('request'))
  header.setUint32(FRAME.receiver, 5, true)
  header.setUint32(FRAME.sender, 77, true)
  header.setUint32(FRAME.senderGeneration, 3, true)
  expect(guest.handle(frame, 0, frame.length)).to.equal(0)
  const [sent = new Uint8Array(0)] = host.frames
  const answer = new DataView(sent.buffer)
  expect(sent).to.have.length(frame.length)
  expect(answer.getUint32(FRAME.receiver, true)).to.equal(77)
  expect(answer.getUint32(FRAME.receiverGeneration, true)).to.equal(3)
  expect(answer.getUint8(FRAME.act)).to.equal(actCode('inform'))
}

function hasCompiler (): boolean {
  try {
    execFileSync(COMPILER, ['--version'], { stdio: 'ignore' })
    execFileSync(LINKER, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function typeInText ({ parameters, results }: FunctionType): string {
  const [result] = results.map(byte => VALUE_TYPES[byte])
  return `(${parameters.map(byte => VALUE_TYPES[byte]).join(', ')}) -> ${result ?? '()'}`
}

describe('docs/agent-abi.md', () => {
  it('has a WAT example that echoes', async () => {
    await expectEcho(await assemble(await example('wat')))
  })

  it('has a C example that echoes, where clang and wasm-ld are installed', async function () {
    if (!hasCompiler()) return this.skip()
    const folder = await mkdtemp(join(tmpdir(), 'caxton-abi-'))
    try {
      await writeFile(join(folder, 'echo.c'), await example('c'))
      const flags = ['--target=wasm32', '-O2', '-nostdlib', '-mbulk-memory', '-Wl,--no-entry', '-o', 'echo.wasm', 'echo.c']
      // npm's path has binaryen's `wasm-opt`, which clang would use and which refuses what clang made.
      const path = (process.env['PATH'] ?? '').split(delimiter).filter(entry => !entry.includes('node_modules')).join(delimiter)
      await promisify(execFile)(COMPILER, flags, { cwd: folder, timeout: 20_000, env: { ...process.env, PATH: path } })
      await expectEcho(await readFile(join(folder, 'echo.wasm')))
    } finally {
      await rm(folder, { recursive: true })
    }
  }).timeout(30_000)

  it('lists every import of the module caxton with its type and price', async () => {
    const text = await readFile(DOCUMENT, 'utf8')
    for (const item of hostImportNames().filter(name => name.startsWith('caxton.'))) {
      const name = item.slice('caxton.'.length)
      const row = new RegExp(`^\\| \`${name}\` \\| \`(.*?)\` \\| ([\\d,]+) \\|`, 'm').exec(text)
      const host = hostImport('caxton', name)
      expect(row, name).to.not.equal(null)
      expect((row?.[1] ?? '').replaceAll(/i32 (?!\|)[a-z]+/g, 'i32')).to.equal(host ? typeInText(host.type) : '')
      expect(Number(row?.[2]?.replaceAll(',', ''))).to.equal(host?.price)
    }
  })

  it('names every system call that may be imported', async () => {
    const text = await readFile(DOCUMENT, 'utf8')
    for (const item of hostImportNames()) expect(text).to.match(new RegExp(`\`(env\\.)?${item.split('.')[1]}\``))
  })
})
