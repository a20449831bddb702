import { expect } from 'chai'
import { errorDocument, errorText } from '../../../../kernel/command/error-report.js'
import { exitCodeOf } from '../../../../kernel/command/exit-codes.js'
import { paintNothing } from '../../../../kernel/command/terminal/colours.js'
import { CaxtonError, type ErrorKind } from '../../../../kernel/contract/index.js'

const error = (kind: ErrorKind, details: object = {}): CaxtonError =>
  new CaxtonError('AGENT_NOT_FOUND', kind, 'there is no agent "a\u001b[2J"', details, 'List the agents.')

describe('error-report', () => {
  it('says what happened, what to do, and where to read more', () => {
    expect(errorText(error('not-found', { traceId: 'abc' }), paintNothing, false).split('\n')).to.deep.equal([
      'error: there is no agent "a\\u001b[2J"',
      '  List the agents.',
      '  code AGENT_NOT_FOUND · trace abc · caxton explain AGENT_NOT_FOUND',
      '',
    ])
  })

  it('leaves the trace out where there is none', () => {
    expect(errorText(error('not-found'), paintNothing, false)).not.to.include('trace')
  })

  it('gives programs one line of JSON', () => {
    expect(JSON.parse(errorDocument(error('not-found', { traceId: 'abc' })))).to.deep.equal({
      error: {
        code: 'AGENT_NOT_FOUND', kind: 'not-found', message: 'there is no agent "a\u001b[2J"',
        remedy: 'List the agents.', traceId: 'abc',
      },
    })
  })

  it('shows what nobody declared as a failure of the command, with the stack only when debugging', () => {
    const thrown = new TypeError('x is undefined')
    const text = errorText(thrown, paintNothing, false)
    expect(text).to.include('TypeError: x is undefined').and.to.include('code COMMAND_FAILED')
    expect(text).not.to.include('error-report.test')
    expect(errorText(thrown, paintNothing, true)).to.include('error-report.test')
    expect(errorText('a text', paintNothing, false)).to.include('error: a text')
  })

  it('gives every kind its exit code', () => {
    const codes: Record<ErrorKind, number> = {
      invalid: 2, 'not-found': 3, unauthenticated: 4, denied: 4, unavailable: 5, timeout: 6, exists: 7, precondition: 7, exhausted: 7,
      configuration: 78, cancelled: 1, internal: 1,
    }
    for (const kind of Object.keys(codes) as ErrorKind[]) expect(exitCodeOf(error(kind)), kind).to.equal(codes[kind])
    expect(exitCodeOf(new Error('unknown'))).to.equal(1)
  })
})
