import { expect } from 'chai'
import type { ToolCall, ToolResult } from '../../../../kernel/contract/index.js'
import { ServerDesk } from '../../../../plugins/tools-mcp/calls/server-desk.js'
import { CircuitBreaker } from '../../../../plugins/tools-mcp/servers/circuit-breaker.js'
import { ServerLink } from '../../../../plugins/tools-mcp/servers/server-link.js'
import { RecordingLogger } from '../../../support/recording-logger.js'
import { SeededRandom } from '../../../support/seeded-random.js'
import { aborted, answerOf, definitionOf, failing, FakeServer } from '../../../support/tools/fake-server.js'
import { settled, VirtualClock } from '../../../support/virtual-clock.js'

describe('calls to a tool server', () => {
  let clock: VirtualClock
  let server: FakeServer
  let desk: ServerDesk
  let objection: string | undefined

  beforeEach(async () => {
    clock = new VirtualClock()
    server = new FakeServer()
    objection = undefined
    const link = new ServerLink({
      name: 'files', open: server.open, clock, random: new SeededRandom(1), log: new RecordingLogger(),
      rules: { startTimeout: 5_000, delay: 1_000, delayMax: 8_000, refresh: 3_600_000 },
      listed: async ({ tools }) => { desk.tools = new Map(tools.map(tool => [tool.name, tool])) },
    })
    desk = new ServerDesk({
      link, clock, breaker: new CircuitBreaker({ failures: 2, open: 30_000 }), objection: () => objection,
      limits: { idle: 1_000, total: 5_000, resultBytes: 100, calls: 2 },
    })
    link.start()
    await settled()
  })
  afterEach(async () => {
    await desk.link.stop()
    expect([clock.pending, desk.underWay]).to.deep.equal([0, 0])
  })

  const callOf = (more: Partial<ToolCall> = {}): ToolCall => ({
    tool: 'files.add', caller: { agent: 'clerk' }, arguments: {}, key: 'k', deadline: 0,
    trace: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), sampled: false }, ...more,
  })
  const call = (more: Partial<ToolCall> = {}, signal = new AbortController().signal, tool = 'add'): Promise<ToolResult> =>
    desk.call(tool, callOf(more), { mark: 'm' }, signal)
  const codeOf = async (result: Promise<ToolResult>): Promise<string> => {
    const came = await result
    return came.ok ? 'ok' : came.code
  }

  it('bring what the tool says, and what they were sent with', async () => {
    expect(await call()).to.deep.equal({ ok: true, answer: { text: '5', structured: undefined, parts: [] } })
    expect(server.calls).to.deep.equal([{ tool: 'add', meta: { mark: 'm' } }])
  })

  it('fail with what the tool says about that', async () => {
    server.answer = async () => answerOf('no such file', true)
    expect(await call()).to.deep.include({ ok: false, code: 'TOOL_FAILED', reason: 'no such file' })
  })

  it('fail where there is no such tool, or nobody agreed to it', async () => {
    expect(await codeOf(call({}, undefined, 'subtract'))).to.equal('TOOL_NOT_FOUND')
    objection = 'it has changed'
    expect(await call()).to.deep.equal({ ok: false, code: 'TOOL_NOT_APPROVED', reason: 'it has changed' })
    expect(server.calls).to.have.length(0)
  })

  it('end when nothing moves for a while, and when they take too long though it moves', async () => {
    server.answer = (_, signal) => aborted(signal)
    const still = codeOf(call())
    await clock.pass(1_000)
    expect(await still).to.equal('TOOL_TIMEOUT')
    let report: (done: number) => void = () => {}
    server.answer = (progress, signal) => {
      report = progress
      return aborted(signal)
    }
    const heard: number[] = []
    const busy = codeOf(call({ progress: ({ progress }) => { heard.push(progress) } }))
    for (let count = 1; count <= 6; count++) {
      await clock.pass(900)
      report(count)
    }
    expect(await busy).to.equal('TOOL_TIMEOUT')
    expect(heard).to.deep.equal([1, 2, 3, 4, 5, 6].slice(0, heard.length))
    expect(heard.length).to.be.at.least(5)
  })

  it('end at the caller\'s deadline', async () => {
    server.answer = (_, signal) => aborted(signal)
    const waiting = codeOf(call({ deadline: clock.now() + 300 }))
    await clock.pass(300)
    expect(await waiting).to.equal('TOOL_TIMEOUT')
    expect(await codeOf(call({ deadline: clock.now() - 1 }))).to.equal('TOOL_TIMEOUT')
    expect(server.calls).to.have.length(1)
  })

  it('can be withdrawn, before and after they are made', async () => {
    server.answer = (_, signal) => aborted(signal)
    const caller = new AbortController()
    const waiting = codeOf(call({}, caller.signal))
    await settled()
    caller.abort()
    expect([await waiting, await codeOf(call({}, caller.signal))]).to.deep.equal(['TOOL_CANCELLED', 'TOOL_CANCELLED'])
    expect(desk.isSpared).to.equal(false)
  })

  it('are bounded in number, and in the size of what they bring', async () => {
    server.answer = (_, signal) => aborted(signal)
    const caller = new AbortController()
    const waiting = [call({}, caller.signal), call({}, caller.signal)]
    await settled()
    expect(await codeOf(call())).to.equal('TOOL_BUSY')
    caller.abort()
    await Promise.all(waiting)
    server.answer = async () => answerOf('x'.repeat(101))
    expect(await codeOf(call())).to.equal('TOOL_RESULT_TOO_LARGE')
  })

  it('spare a server that failed too often, until one went well', async () => {
    server.answer = failing('refused')
    expect([await codeOf(call()), await codeOf(call())]).to.deep.equal(['TOOL_FAILED', 'TOOL_FAILED'])
    server.answer = async () => answerOf('5')
    expect([await codeOf(call()), desk.isSpared]).to.deep.equal(['TOOL_UNAVAILABLE', true])
    await clock.pass(30_000)
    expect([await codeOf(call()), desk.isSpared]).to.deep.equal(['ok', false])
  })

  it('do not spare a server for arguments that it does not take, nor for what it says of failures', async () => {
    server.answer = failing('arguments')
    for (let count = 0; count < 5; count++) expect(await codeOf(call())).to.equal('TOOL_ARGUMENTS_INVALID')
    server.answer = async () => answerOf('no', true)
    for (let count = 0; count < 5; count++) expect(await codeOf(call())).to.equal('TOOL_FAILED')
    server.answer = failing('input')
    expect(await codeOf(call())).to.equal('TOOL_FAILED')
    expect(desk.isSpared).to.equal(false)
  })

  it('have a server started again that is gone, and fail at once meanwhile', async () => {
    server.answer = failing('gone')
    expect(await codeOf(call())).to.equal('TOOL_UNAVAILABLE')
    expect([desk.link.state, await codeOf(call())]).to.deep.equal(['waiting', 'TOOL_UNAVAILABLE'])
    server.answer = async () => answerOf('5')
    await clock.pass(1_000)
    expect(await codeOf(call())).to.equal('ok')
  })

  it('know the tools that the server had, once it is back', async () => {
    server.tools = [definitionOf('add', 'Adds.')]
    server.events?.closed()
    await clock.pass(1_000)
    expect(desk.tools.get('add')?.description).to.equal('Adds.')
  })
})
