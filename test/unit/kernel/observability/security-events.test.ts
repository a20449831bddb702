import { expect } from 'chai'
import type { SecurityEvent } from '../../../../kernel/contract/index.js'
import { MetricsRegistry } from '../../../../kernel/observability/metrics.js'
import { SecurityNotes } from '../../../../kernel/observability/security-events.js'
import { RecordingLogger } from '../../../support/recording-logger.js'

describe('security events', () => {
  const scene = () => {
    const log = new RecordingLogger()
    const metrics = new MetricsRegistry()
    const kept: SecurityEvent[] = []
    return { log, metrics, kept, notes: new SecurityNotes(log, metrics), keep: (event: SecurityEvent) => { kept.push(event) } }
  }

  it('are logged and counted', () => {
    const { notes, log, metrics } = scene()
    notes.note({ what: 'listener-refused', resource: '0.0.0.0:1', result: 'refused', because: 'no TLS' })
    notes.note({ what: 'certificate-rotated', resource: 'node-1', result: 'ok' })
    expect(log.lines.map(({ level, message }) => `${level} ${message}`))
      .to.deep.equal(['warn security: listener-refused', 'info security: certificate-rotated'])
    expect(metrics.snapshot('caxton_security_events_total')[0]?.samples).to.have.length(2)
  })

  it('wait for the audit log, and then go there as they come', () => {
    const { notes, kept, keep } = scene()
    notes.note({ what: 'first', resource: '', result: 'ok' })
    const end = notes.carryTo(keep)
    notes.note({ what: 'second', resource: '', result: 'ok' })
    end()
    notes.note({ what: 'third', resource: '', result: 'ok' })
    expect(kept.map(({ what }) => what)).to.deep.equal(['first', 'second'])
  })

  it('wait in bounded number, the oldest going first', () => {
    const { notes, kept, keep } = scene()
    for (let number = 1; number <= 1_001; number++) notes.note({ what: `event ${number}`, resource: '', result: 'ok' })
    notes.carryTo(keep)
    expect(kept).to.have.length(1_000)
    expect(kept[0]?.what).to.equal('event 2')
  })
})
