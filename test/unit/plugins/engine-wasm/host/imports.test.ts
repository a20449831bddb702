import { expect } from 'chai'
import { GuestFault, HOST_RESULTS, type Guest } from '../../../../../kernel/contract/index.js'
import { hostImport, hostImportNames } from '../../../../../plugins/engine-wasm/host/host-imports.js'
import { typeText, VALUE_TYPES } from '../../../../../plugins/engine-wasm/module/value-types.js'
import { assembleAgent } from '../../../../support/wasm/assemble.js'
import { deploy } from '../../../../support/wasm/deploy.js'
import { RecordingHost } from '../../../../support/wasm/recording-host.js'

const NOTHING = new Uint8Array(0)

/** A guest whose message handler makes one call with the given operands. */
async function caller (item: string, operands: string, host: RecordingHost, data = ''): Promise<Guest> {
  const [module = '', name = ''] = item.split('.')
  const type = hostImport(module, name)?.type ?? { parameters: [], results: [] }
  const params = type.parameters.map(byte => VALUE_TYPES[byte]).join(' ')
  const [result] = type.results.map(byte => VALUE_TYPES[byte])
  const answer = result === undefined ? 'i32.const 77' : result === 'i64' ? 'i32.wrap_i64' : ''
  const guest = await deploy(await assembleAgent({
    imports: `(import "${module}" "${name}" (func $f (param ${params}) ${result ? `(result ${result})` : ''}))`,
    handle: `${operands} call $f ${answer}`,
    more: `(data (i32.const 0) "${data}")
      (func (export "caxton_save") (result i64) (i64.const 0x0000000000000100))
      (func (export "caxton_load") (param i32 i32 i32) (result i32) i32.const 0)`,
  }), host)
  guest.start(NOTHING)
  return guest
}

const call = (guest: Guest): number => guest.handle(NOTHING, 0, 0)
const i32 = (...values: number[]): string => values.map(value => `i32.const ${value}`).join(' ')

describe('engine-wasm: host calls', () => {
  for (const name of ['send', 'call'] as const) {
    it(`${name} hands over a frame within memory and answers what the host answers`, async () => {
      const host = new RecordingHost()
      host.answer = HOST_RESULTS.full
      const guest = await caller(`caxton.${name}`, i32(2, 3), host, 'abcdefg')
      expect(call(guest)).to.equal(HOST_RESULTS.full)
      expect(host.frames.map(frame => Buffer.from(frame).toString())).to.deep.equal(['cde'])
      expect(host.calls).to.deep.equal([name])
    })

    for (const [offset, length, answer] of [
      [65_530, 7, HOST_RESULTS.badRange], [-1, 1, HOST_RESULTS.badRange], [65_536, 1, HOST_RESULTS.badRange],
      [0, 65_537, HOST_RESULTS.tooLarge], [0, -1, HOST_RESULTS.tooLarge],
    ] as const) {
      it(`${name} refuses ${length} bytes at ${offset} without asking the host`, async () => {
        const host = new RecordingHost()
        expect(call(await caller(`caxton.${name}`, i32(offset, length), host))).to.equal(answer)
        expect(host.calls).to.deep.equal([])
      })
    }
  }

  it('lookup, register and subscribe read text', async () => {
    const host = new RecordingHost()
    expect(call(await caller('caxton.lookup', i32(0, 4), host, 'echo'))).to.equal(9)
    expect(call(await caller('caxton.register', i32(0, 2), host, '{}'))).to.equal(0)
    expect(call(await caller('caxton.subscribe', i32(0, 3), host, 'sun'))).to.equal(0)
    expect(host.calls).to.deep.equal(['lookup echo', 'register {}', 'subscribe sun'])
  })

  it('lookup answers nobody, register and subscribe answer why, when the text is none', async () => {
    const host = new RecordingHost()
    expect(call(await caller('caxton.lookup', i32(0, 2), host, '\\ff\\fe'))).to.equal(0)
    expect(call(await caller('caxton.register', i32(0, 2), host, '\\ff\\fe'))).to.equal(HOST_RESULTS.malformed)
    expect(call(await caller('caxton.subscribe', i32(65_000, 1_000), host))).to.equal(HOST_RESULTS.badRange)
    expect(call(await caller('caxton.subscribe', i32(0, 1_025), host))).to.equal(HOST_RESULTS.tooLarge)
    expect(host.calls).to.deep.equal([])
  })

  it('self, now and timer pass their numbers on', async () => {
    const host = new RecordingHost()
    expect(call(await caller('caxton.self', '', host))).to.equal(7)
    expect(call(await caller('caxton.now', '', host))).to.equal(Number(BigInt.asIntN(32, host.time)))
    call(await caller('caxton.timer', i32(-1, 5), host))
    expect(host.calls).to.deep.equal(['self', 'timer -1 5'])
  })

  it('random fills memory, up to 4 KiB at a time', async () => {
    const host = new RecordingHost()
    const guest = await caller('caxton.random', i32(0, 3), host)
    expect(call(guest)).to.equal(0)
    expect(guest.save()?.slice(0, 4)).to.deep.equal(Uint8Array.of(0xab, 0xab, 0xab, 0))
    expect(call(await caller('caxton.random', i32(0, 4_097), host))).to.equal(HOST_RESULTS.tooLarge)
    expect(call(await caller('caxton.random', i32(65_535, 2), host))).to.equal(HOST_RESULTS.badRange)
  })

  it('log cuts long lines, mends broken text, and keeps to the four levels', async () => {
    const host = new RecordingHost()
    call(await caller('caxton.log', i32(9, 0, 3), host, 'a\\ffb'))
    call(await caller('caxton.log', i32(-9, 0, 5_000), host, 'x'.repeat(5_000)))
    expect(host.lines[0]).to.deep.equal([3, 'a\ufffdb'])
    expect(host.lines[1]?.[0]).to.equal(0)
    expect(host.lines[1]?.[1]).to.have.length(4_096)
  })

  it('fd_write turns output into log lines', async () => {
    const host = new RecordingHost()
    const pieces = '\\20\\00\\00\\00\\05\\00\\00\\00\\25\\00\\00\\00\\02\\00\\00\\00'.padEnd(3 * 16, '')
    const guest = await caller('wasi_snapshot_preview1.fd_write', i32(2, 0, 2, 16), host,
      `${pieces}${'\\00'.repeat(16)}hello!\\0a`)
    expect(call(guest)).to.equal(0)
    expect(host.lines).to.deep.equal([[2, 'hello!']])
    expect(guest.save()?.[16]).to.equal(7)
    expect(call(await caller('wasi_snapshot_preview1.fd_write', i32(3, 0, 0, 16), host))).to.equal(8)
    expect(call(await caller('wasi_snapshot_preview1.fd_write', i32(1, 65_535, 1, 16), host))).to.equal(21)
  })

  it('clock_time_get is as coarse as now', async () => {
    const host = new RecordingHost()
    const guest = await caller('wasi_snapshot_preview1.clock_time_get', 'i32.const 0 i64.const 1 i32.const 8', host)
    expect(call(guest)).to.equal(0)
    const saved = guest.save() ?? NOTHING
    expect(new DataView(saved.buffer).getBigUint64(8, true)).to.equal(host.time * 1_000_000n)
    expect(call(await caller('wasi_snapshot_preview1.clock_time_get', 'i32.const 2 i64.const 1 i32.const 8', host))).to.equal(28)
  })

  it('there are no arguments, no environment and no files', async () => {
    const host = new RecordingHost()
    const sizes = await caller('wasi_snapshot_preview1.environ_sizes_get', i32(0, 4), host, 'abcdefgh')
    expect(call(sizes)).to.equal(0)
    expect(sizes.save()?.slice(0, 8)).to.deep.equal(new Uint8Array(8))
    for (const name of ['fd_close', 'fd_fdstat_get', 'fd_prestat_get', 'fd_read']) {
      const count = hostImport('wasi_snapshot_preview1', name)?.type.parameters.length ?? 0
      expect(call(await caller(`wasi_snapshot_preview1.${name}`, i32(...Array<number>(count).fill(0)), host)), name).to.equal(8)
    }
  })

  it('exit stops the agent', async () => {
    const guest = await caller('wasi_snapshot_preview1.proc_exit', i32(3), new RecordingHost())
    expect(() => call(guest)).to.throw(GuestFault, 'exit(3)')
  })

  it('abort logs where and why, and stops the agent', async () => {
    const host = new RecordingHost()
    const text = (word: string): string => [...word].map(letter => `${letter}\\00`).join('')
    const data = `\\04\\00\\00\\00${text('no')}\\00\\00\\00\\00\\08\\00\\00\\00${text('a.ts')}`
    const guest = await caller('env.abort', i32(4, 16, 12, 3), host, data)
    expect(() => call(guest)).to.throw(GuestFault, 'abort: no (a.ts:12:3)')
    expect(host.lines).to.deep.equal([[3, 'abort: no (a.ts:12:3)']])
  })

  it('every import can be bound and called with wild numbers without harming the host', async () => {
    for (const item of hostImportNames()) {
      const [module = '', name = ''] = item.split('.')
      const parameters = hostImport(module, name)?.type.parameters ?? []
      for (const value of [-1, 65_535]) {
        const operands = parameters.map(byte => `${VALUE_TYPES[byte]}.const ${value}`).join(' ')
        const guest = await caller(item, operands, new RecordingHost())
        try {
          call(guest)
        } catch (error) {
          expect(error, `${item} ${value}`).to.be.instanceOf(GuestFault)
        }
      }
    }
  }).timeout(10_000)

  it('has the types of the agent interface', () => {
    const types = hostImportNames().filter(item => item.startsWith('caxton.')).map(item => {
      const host = hostImport('caxton', item.slice('caxton.'.length))
      return `${item} ${host ? typeText(host.type) : ''}`
    })
    expect(types).to.deep.equal([
      'caxton.send (i32, i32) -> i32', 'caxton.self () -> i64', 'caxton.lookup (i32, i32) -> i64',
      'caxton.register (i32, i32) -> i32', 'caxton.subscribe (i32, i32) -> i32', 'caxton.now () -> i64',
      'caxton.random (i32, i32) -> i32', 'caxton.timer (i32, i32) -> i32', 'caxton.log (i32, i32, i32) -> ()',
      'caxton.call (i32, i32) -> i32',
    ])
  })
})
