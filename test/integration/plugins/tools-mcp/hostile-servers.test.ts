import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { ToolHost } from '../../../support/tools/tool-host.js'
import { until } from '../../../support/until.js'

const HOSTILE = fileURLToPath(new URL('../../../fixtures/tools/hostile-tool-server.js', import.meta.url))

/** Real processes: what matters is what comes over their pipes, and that nothing is left of them. */
describe('a hostile tool server', function () {
  this.timeout(90_000)
  let host: ToolHost

  before(async () => {
    host = new ToolHost({ evil: { command: process.execPath, args: [HOSTILE] } })
    await host.start()
  })
  after(() => host.tools.stop())

  const isThere = (): Promise<void> => until(() => host.tools.desks.get('evil')?.link.state === 'ready', 60_000)

  it('has only those tools that can be told apart, all under its own name', () => {
    const names = host.tools.tools().map(({ name }) => name)
    expect(names.every(name => name.startsWith('evil.'))).to.equal(true)
    expect(names).to.include('evil.files.read_text_file')
    expect(names).not.to.include('evil.twin')
    expect(host.tools.find('files.read_text_file')).to.equal(undefined)
    expect(host.context.said('warn')).to.include('not all of a tool server can be used')
  })

  it('can\'t make an answer larger than it may be', async () => {
    expect(await host.said('evil.huge')).to.equal('TOOL_RESULT_TOO_LARGE')
  })

  it('is ended when it sends more than there is room for, and begins anew', async () => {
    expect(await host.said('evil.enormous')).to.equal('TOOL_UNAVAILABLE')
    await isThere()
    expect(await host.said('evil.fickle')).to.equal('5')
  })

  it('keeps nobody waiting longer than they want to, nor others at all', async () => {
    const hanging = host.call('evil.hang', {}, { deadline: Date.now() + 200 })
    expect(await host.said('evil.fickle')).to.equal('5')
    expect(await hanging).to.include({ ok: false, code: 'TOOL_TIMEOUT' })
  })

  it('that crashes is started again', async () => {
    expect(await host.said('evil.crash')).to.equal('TOOL_UNAVAILABLE')
    await isThere()
    expect(await host.said('evil.fickle')).to.equal('5')
  })

  it('may say what is no message, and answer what is no answer', async () => {
    expect(['survived', 'TOOL_UNAVAILABLE', 'TOOL_FAILED']).to.include(await host.said('evil.garbage'))
    await isThere()
    const strange = await host.call('evil.strange')
    expect(strange.ok || strange.code).to.satisfy((outcome: unknown) => outcome === true || outcome === 'TOOL_FAILED')
    await isThere()
  })

  it('is refused a model, a person\'s input, and folders', async () => {
    const said = JSON.parse(await host.said('evil.ask')) as ReadonlyArray<{ readonly code?: number }>
    expect(said.map(({ code }) => code)).to.deep.equal([-32601, -32601, -32601])
  })

  it('sees none of this process\'s variables but those that every program needs', async () => {
    process.env['CAXTON_TEST_SECRET'] = 'hunter2'
    try {
      await host.said('evil.crash')
      await isThere()
      const known = ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER']
      expect((await host.said('evil.env')).split(' ').filter(name => !known.includes(name))).to.deep.equal([])
    } finally {
      delete process.env['CAXTON_TEST_SECRET']
    }
  })

  it('is asked for its tools a few times only, however often it says that they have changed', async () => {
    expect(await host.said('evil.flood')).to.equal('flooded')
    expect(await host.said('evil.fickle')).to.equal('5')
  })

  it('can\'t have a tool called that it defines anew, until somebody agrees', async () => {
    expect(await host.said('evil.change')).to.equal('changed')
    await until(() => host.tools.find('evil.fickle')?.description.includes('secrets') === true, 60_000)
    expect(await host.said('evil.fickle')).to.equal('TOOL_NOT_APPROVED')
    expect(host.tools.list().map(({ name }) => name)).not.to.include('evil.fickle')
    expect(host.notes.filter(({ what }) => what === 'tool-changed').map(({ resource }) => resource)).to.deep.equal(['tool:evil.fickle'])
    const definition = host.tools.find('evil.fickle') ?? expect.fail('there is no such tool')
    await host.tools.pins.agree('evil.fickle', definition, 'ada')
    expect(await host.said('evil.fickle')).to.equal('5')
  })
})
