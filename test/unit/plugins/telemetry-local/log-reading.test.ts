import { expect } from 'chai'
import type { LogLine } from '../../../../kernel/contract/index.js'
import { lineText } from '../../../../plugins/telemetry-local/logs/line-text.js'
import { LogReading, type LogQuestion } from '../../../../plugins/telemetry-local/logs/log-reading.js'
import { settled } from '../../../support/virtual-clock.js'

const ALL: LogQuestion = { level: 'debug', part: '', trace: '', since: 0, last: 0 }
const line = (message: string, more: Partial<LogLine> = {}): LogLine =>
  ({ at: 5, level: 'info', part: 'kernel-agents', message, fields: {}, ...more })

/** A log that remembers its lines. */
class Scene {
  readonly kept: string[] = []
  readonly reading = new LogReading({ read: async function * (this: Scene) { yield * this.kept.slice() }.bind(this) })

  write (written: LogLine): void {
    this.kept.push(lineText(written))
    this.reading.tell(written)
  }

  async messages (question: Partial<LogQuestion>): Promise<string[]> {
    return (await this.reading.latest({ ...ALL, ...question })).map(({ message }) => message)
  }
}

describe('the log of a node', () => {
  it('is read by level, part, trace and time, the last lines first to be shown', async () => {
    const scene = new Scene()
    scene.write(line('a', { level: 'debug', fields: { trace: 't1' } }))
    scene.write(line('b', { level: 'warn', part: 'transport-tcp' }))
    scene.write(line('c', { level: 'error', at: 9 }))
    expect(await scene.messages({ level: 'warn' })).to.deep.equal(['b', 'c'])
    expect(await scene.messages({ part: 'kernel-*' })).to.deep.equal(['a', 'c'])
    expect(await scene.messages({ part: 'kernel.agents' })).to.deep.equal([])
    expect(await scene.messages({ trace: 't1' })).to.deep.equal(['a'])
    expect(await scene.messages({ since: 6 })).to.deep.equal(['c'])
    expect(await scene.messages({ last: 2 })).to.deep.equal(['b', 'c'])
  })

  it('goes on with what is written while what is kept is read, each line once', async () => {
    const scene = new Scene()
    scene.write(line('a'))
    const leaving = new AbortController()
    const followed = scene.reading.follow(ALL, leaving.signal)
    const first = followed.next()
    scene.write(line('b'))
    expect((await first).value).to.have.nested.property('line.message', 'a')
    const seen: string[] = []
    const reading = (async () => { for await (const next of followed) seen.push(next.line.message) })()
    await settled()
    scene.write(line('c'))
    await settled()
    leaving.abort()
    await reading
    scene.write(line('d'))
    expect(seen).to.deep.equal(['b', 'c'])
  })

  it('counts what a slow reader misses', async () => {
    const scene = new Scene()
    const leaving = new AbortController()
    const followed = scene.reading.follow(ALL, leaving.signal)
    const first = followed.next()
    for (let count = 0; count < 1_005; count++) scene.write(line(String(count)))
    expect((await first).value).to.deep.include({ skipped: 5 })
    leaving.abort()
    // What waited is still given; then it ends.
    let left = 0
    while ((await followed.next()).done !== true) left += 1
    expect(left).to.be.at.most(1_000)
  })
})
