import { X509Certificate } from 'node:crypto'
import { expect } from 'chai'
import { isCaxtonError } from '../../../../kernel/contract/index.js'
import { SigningKey } from '../../../../plugins/audit-log/chain/signing-key.js'
import { Retention } from '../../../../plugins/audit-log/retention.js'
import { openAudit, verified } from '../../../support/audit/audit-scene.js'
import { MemoryFolder } from '../../../support/audit/memory-folder.js'
import { TestAuthority } from '../../../support/test-authority.js'
import { settled } from '../../../support/virtual-clock.js'

const DAY = 86_400_000
const intent = (number: number) => ({ event: 'intent', resource: `agent-${number}` })
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  await work.then(() => 'kept', (error: unknown) => isCaxtonError(error) ? error.code : String(error))
const eventsOf = (folder: MemoryFolder, segment: number): string[] => folder.lines(segment).map(line => {
  const body: unknown = JSON.parse(line)
  return typeof body === 'object' && body !== null && 'event' in body ? String(body.event) : ''
})

describe('the chain of an audit log', () => {
  it('goes on over restarts', async () => {
    const folder = new MemoryFolder()
    for (let run = 1; run <= 3; run++) {
      const { writer } = await openAudit(folder)
      await writer.keep(intent(run))
      await writer.stop()
    }
    expect(eventsOf(folder, 1)).to.deep.equal(['segment', ...Array.from({ length: 3 }, () => ['opened', 'intent', 'checkpoint']).flat()])
    expect((await verified(folder)).flaw).to.equal(undefined)
  })

  it('writes what comes at once in one group with one sync, in order', async () => {
    const { folder, writer } = await openAudit()
    const before = folder.syncs
    await Promise.all(Array.from({ length: 500 }, (_, number) => writer.keep(intent(number))))
    expect(folder.syncs - before).to.equal(1)
    const written = folder.lines(1).slice(2).map(line => /agent-\d+/.exec(line)?.[0])
    expect(written).to.deep.equal(Array.from({ length: 500 }, (_, number) => `agent-${number}`))
    await writer.stop()
  })

  it('resolves an intent only when it is on the disk', async () => {
    const { folder, writer } = await openAudit()
    let release = (): void => {}
    folder.held = new Promise(resolve => { release = resolve })
    let isKept = false
    const kept = writer.keep(intent(1)).then(() => { isKept = true })
    await settled()
    expect(isKept).to.equal(false)
    folder.held = undefined
    release()
    await kept
    await writer.stop()
  })

  it('cuts off what a killed run left unfinished, says so, and goes on', async () => {
    const { folder, writer } = await openAudit()
    await writer.keep(intent(1))
    const whole = folder.files.get(1) ?? Buffer.alloc(0)
    for (const torn of ['{"seq":4,"ti', '{"seq":4,"time":"x"}\nabc', '\0\0\0']) {
      const killed = folder.copy()
      killed.files.set(1, Buffer.concat([whole, Buffer.from(torn)]))
      const { end, writer: next } = await openAudit(killed)
      expect(end.torn?.bytes).to.equal(Buffer.byteLength(torn))
      await next.keep(intent(2))
      await next.stop()
      expect((await verified(killed)).flaw, torn).to.equal(undefined)
      expect(killed.lines(1).join()).to.contain('"torn":{"bytes":')
    }
    await writer.stop()
  })

  it('goes on at whatever byte a run was killed after its last promise', async () => {
    const { folder, writer } = await openAudit()
    await writer.keep(intent(1))
    const [promised, head] = [folder.files.get(1)?.length ?? 0, folder.headBytes]
    await writer.keep(intent(2))
    const bytes = folder.files.get(1) ?? Buffer.alloc(0)
    for (let size = promised; size <= bytes.length; size += 11) {
      const killed = folder.copy()
      killed.files.set(1, bytes.subarray(0, size))
      killed.headBytes = head
      const { writer: next } = await openAudit(killed)
      await next.stop()
      expect((await verified(killed)).flaw, `killed at ${size}`).to.equal(undefined)
    }
    await writer.stop()
  })

  it('goes on after a run that was killed as it began a segment', async () => {
    const { folder, writer } = await openAudit()
    await writer.stop()
    folder.files.set(2, Buffer.from('{"seq":'))
    const { writer: next } = await openAudit(folder)
    await next.stop()
    expect([...folder.files.keys()]).to.deep.equal([1])
    expect((await verified(folder)).flaw).to.equal(undefined)
  })

  it('does not go on where promised records are missing or changed', async () => {
    const { folder, writer } = await openAudit()
    await writer.keep(intent(1))
    await writer.stop()
    const cut = folder.copy()
    cut.rewrite(1, cut.lines(1).slice(0, -1))
    const changed = folder.copy()
    changed.rewrite(1, changed.lines(1).map(line => line.replace('agent-1', 'agent-2')))
    const headless = folder.copy()
    headless.headBytes = undefined
    const gone = folder.copy()
    gone.files.clear()
    for (const damaged of [cut, changed, headless, gone]) expect(await codeOf(openAudit(damaged))).to.equal('AUDIT_LOG_DAMAGED')
  })

  it('refuses on a full disk, takes back what was half written, and goes on when there is room', async () => {
    const { folder, writer, troubles } = await openAudit()
    folder.room = 100
    expect(await codeOf(writer.keep(intent(1)))).to.equal('AUDIT_LOG_UNWRITABLE')
    expect(await codeOf(writer.keep(intent(2)))).to.equal('AUDIT_LOG_UNWRITABLE')
    folder.room = Infinity
    await writer.keep(intent(3))
    expect(troubles.at(-1)).to.equal(undefined)
    await writer.stop()
    expect((await verified(folder)).flaw).to.equal(undefined)
    expect(folder.lines(1).join()).to.contain('agent-3').and.not.contain('agent-1').and.not.contain('agent-2')
  })

  it('keeps what nobody waits for until there is room, in bounded number', async () => {
    const { folder, writer, clock } = await openAudit(new MemoryFolder(), { queue: 3 })
    folder.failsSync = true
    for (let number = 1; number <= 3; number++) writer.post(intent(number))
    await settled()
    expect(() => { writer.post(intent(4)) }).to.throw().with.property('code', 'AUDIT_LOG_FULL')
    folder.failsSync = false
    await clock.pass(1_000)
    await writer.stop()
    expect(folder.lines(1).filter(line => line.includes('agent-'))).to.have.length(3)
    expect((await verified(folder)).flaw).to.equal(undefined)
    expect(clock.pending).to.equal(0)
  })

  it('signs what was written within its time, and sets no timer when there is nothing to sign', async () => {
    const { folder, writer, clock } = await openAudit()
    await clock.pass(60_000)
    expect(eventsOf(folder, 1)).to.deep.equal(['segment', 'opened'])
    await writer.keep(intent(1))
    await clock.pass(10_000)
    await settled()
    expect(eventsOf(folder, 1)).to.deep.equal(['segment', 'opened', 'intent', 'checkpoint'])
    await clock.pass(60_000)
    expect(clock.pending).to.equal(0)
    await writer.stop()
  })

  it('begins segments by size and by age', async () => {
    const { folder, writer, clock } = await openAudit(new MemoryFolder(), { segmentSize: 2_000, segmentAge: DAY })
    for (let number = 1; number <= 12; number++) await writer.keep(intent(number))
    const bySize = folder.files.size
    expect(bySize).to.be.greaterThan(1)
    await clock.pass(DAY)
    await writer.keep(intent(13))
    expect(folder.files.size).to.equal(bySize + 1)
    await writer.stop()
    expect((await verified(folder)).flaw).to.equal(undefined)
  })

  it('loses old segments by age and by size without losing its proof', async () => {
    const { folder, writer, clock } = await openAudit(new MemoryFolder(), { segmentAge: DAY })
    for (let day = 0; day < 6; day++) {
      await writer.keep(intent(day))
      await clock.pass(DAY)
    }
    const through = await new Retention(folder, { keepFor: 3 * DAY, keepSize: undefined }, writer).apply(clock.now())
    expect(through).to.equal(3)
    expect((await verified(folder)).flaw).to.equal(undefined)
    await new Retention(folder, { keepFor: 1_000 * DAY, keepSize: 2_500 }, writer).apply(clock.now())
    expect(folder.files.size).to.be.lessThan(4)
    await writer.stop()
    expect((await verified(folder)).flaw).to.equal(undefined)
    folder.files.delete(Math.min(...folder.files.keys()))
    expect((await verified(folder)).flaw?.why).to.contain('missing')
  })

  it('is signed by the new key of a node from its renewal on, and by the old one until then', async () => {
    const authority = await TestAuthority.make()
    const keys = [await authority.credentials('node-1'), await authority.credentials('node-1')].map(each => SigningKey.ofNode(each))
    const { folder, writer } = await openAudit(new MemoryFolder(), {}, keys[0])
    await writer.keep(intent(1))
    if (keys[1] !== undefined) writer.changeSigner(keys[1])
    await settled()
    await writer.keep(intent(2))
    await writer.stop()
    const { flaw, signers } = await verified(folder)
    expect(flaw).to.equal(undefined)
    expect(signers.map(({ id }) => id)).to.deep.equal(keys.map(key => key.facts.id))
  })

  it('is only believed of a node whose certificate comes from an authority that is trusted', async () => {
    const [authority, stranger] = [await TestAuthority.make(), await TestAuthority.make()]
    const { folder, writer } = await openAudit(new MemoryFolder(), {}, SigningKey.ofNode(await authority.credentials('node-1')))
    await writer.stop()
    expect((await verified(folder, { authorities: [new X509Certificate(authority.trust)] })).flaw).to.equal(undefined)
    const { flaw } = await verified(folder, { authorities: [new X509Certificate(stranger.trust)] })
    expect(flaw?.why).to.contain('no authority that is trusted')
    const { folder: own, writer: other } = await openAudit()
    await other.stop()
    expect((await verified(own, { authorities: [new X509Certificate(authority.trust)] })).flaw?.why).to.contain('without a certificate')
  })
})
