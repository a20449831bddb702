import { expect } from 'chai'
import fc from 'fast-check'
import { Secret, defineError } from '../../../../kernel/contract/index.js'
import { Log, type LogSettings } from '../../../../kernel/observability/log.js'
import { REDACTED, redactFields, redactText } from '../../../../kernel/observability/log-redaction.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const JSON_LINES: LogSettings = { level: 'info', format: 'json', coloured: false }
const FOR_PEOPLE: LogSettings = { level: 'debug', format: 'human', coloured: false }

function logInto (settings: LogSettings): { readonly log: Log, readonly lines: string[] } {
  const lines: string[] = []
  const log = new Log(settings, { write: line => { lines.push(line) } }, new VirtualClock())
  return { log, lines }
}

const parsed = (line: string | undefined): Record<string, unknown> => JSON.parse(line ?? '') as Record<string, unknown>

const Broken = defineError({
  code: 'BROKEN', kind: 'internal', meaning: 'It broke.', remedy: 'Mend it.', sentence: (d: { what: string }) => `${d.what} broke`,
})

describe('log', () => {
  it('writes one JSON document a line, with level, time and part', () => {
    const { log, lines } = logInto(JSON_LINES)
    log.named('transport-tcp').warn('slow peer', { peer: 'node-2', milliseconds: 12 })
    expect(lines).to.have.length(1)
    expect(parsed(lines[0])).to.deep.equal({
      level: 'warn', time: '2030-01-01T00:00:00.000Z', part: 'transport-tcp', peer: 'node-2', milliseconds: 12, msg: 'slow peer',
    })
  })

  it('leaves out lines below its level', () => {
    const { log, lines } = logInto(JSON_LINES)
    log.named('a').debug('noise')
    expect(lines).to.deep.equal([])
    expect(log.tail.recent(10)).to.deep.equal([])
  })

  it('keeps a field from writing over what every line has', () => {
    const { log, lines } = logInto(JSON_LINES)
    log.named('a').info('m', { level: 'x', msg: 'y' })
    expect(lines[0]?.match(/"level":/g)).to.have.length(1)
    expect(parsed(lines[0])).to.include({ level: 'info', level_: 'x', msg: 'm', msg_: 'y' })
  })

  it('writes a short line for people, with the stack below it', () => {
    const { log, lines } = logInto(FOR_PEOPLE)
    log.named('store').error('can not write', { path: '/a b', error: Broken({ what: 'disk' }) })
    const [head, ...stack] = lines[0]?.split('\n') ?? []
    expect(head)
      .to.match(/^00:00:00.000 error store can not write path="\/a b" error=\{.*"code":"BROKEN".*"remedy":"Mend it."/)
    expect(stack[0]).to.match(/^ {2}at /)
  })

  it('does not let logged text move the cursor of a terminal', () => {
    const { log, lines } = logInto(FOR_PEOPLE)
    log.named('a').info('x\u001b[2Jy\nz', { v: '\u001b]0;t\u0007' })
    expect(lines[0]?.slice(0, -1)).not.to.match(/[\u0000-\u001f]/)
  })
})

describe('log redaction', () => {
  it('hides values under names that mean a secret, at any depth', () => {
    const secret = 'hunter2-hunter2'
    const text = JSON.stringify(redactFields({
      password: secret, headers: { Authorization: secret, 'x-caxton-api-key': secret }, list: [{ privateKey: { pem: secret } }],
    }))
    expect(text).not.to.include(secret)
    expect(redactFields({ tokens: 3, tokenFound: true, token: 'abc' }))
      .to.deep.equal({ tokens: 3, tokenFound: true, token: REDACTED })
  })

  it('hides Secret values under any name', () => {
    expect(redactFields({ value: new Secret('hunter2') })).to.deep.equal({ value: REDACTED })
  })

  it('hides credentials inside texts', () => {
    expect(redactText('sent Authorization: Bearer abc.def-123')).not.to.include('abc')
    expect(redactText('postgres://caxton:hunter2@db/x')).to.equal('postgres://caxton:[secret]@db/x')
    expect(redactText('-----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY-----')).to.equal(REDACTED)
  })

  it('hides credentials in the message of an error and of its cause', () => {
    const error = new Error('refused Bearer abc.def-123', { cause: new Error('at https://u:hunter2@x/') })
    const text = JSON.stringify(redactFields({ error }))
    expect(text).not.to.include('abc.def').and.not.to.include('hunter2')
  })

  it('cuts what is circular, deep, wide or long', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    let deep: unknown = 'bottom'
    for (let i = 0; i < 50; i++) deep = { deep }
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i]))
    const text =
      JSON.stringify(redactFields({ circle, deep, wide, long: 'x'.repeat(100_000), bytes: new Uint8Array(9) }))
    expect(text)
      .to.include('[circular]').and.to.include('[deep]').and.to.include('4900 more').and.to.include('[9 bytes]')
    expect(text.length).to.be.below(20_000)
  })

  it('says of a value that it can not be read', () => {
    const trap = { get inner (): string { throw new Error('no') }, toJSON: undefined }
    expect(redactFields({ trap })).to.deep.equal({ trap: { inner: '[unreadable]', toJSON: undefined } })
    expect(redactFields({ broken: { toJSON: () => { throw new Error('no') } } }))
      .to.deep.equal({ broken: '[unreadable]' })
  })

  it('never throws, and always gives what JSON can write', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.anything({ withBigInt: true, withMap: true, withSet: true, withTypedArray: true })),
      fields => { JSON.stringify(redactFields(fields)) }), { numRuns: 300 })
  })
})

describe('log tail', () => {
  it('remembers the latest lines, oldest first', () => {
    const { log } = logInto(JSON_LINES)
    const logger = log.named('a')
    for (let i = 0; i < 1_500; i++) logger.info(`line ${i}`)
    const recent = log.tail.recent(2_000).map(line => line.message)
    expect(recent).to.have.length(1_000)
    expect(recent[0]).to.equal('line 500')
    expect(recent.at(-1)).to.equal('line 1499')
    expect(log.tail.recent(0)).to.deep.equal([])
  })

  it('tells of each line from then on', () => {
    const { log } = logInto(JSON_LINES)
    const seen: string[] = []
    log.named('a').info('one')
    log.tail.onLine(({ message }) => { seen.push(message) })
    log.named('a').info('two')
    log.named('a').debug('too quiet')
    expect(seen).to.deep.equal(['two'])
  })
})
