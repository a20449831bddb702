import { expect } from 'chai'
import fc from 'fast-check'
import { chosenExposition, takesGzip } from '../../../../plugins/telemetry-prometheus/media-choice.js'

/** What Prometheus 2.42 sends. */
const PROMETHEUS = 'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,'
  + 'text/plain;version=0.0.4;q=0.5,*/*;q=0.1'
/** What Prometheus 3 sends. */
const NEWER = 'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,'
  + 'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2'

describe('the choice of a format', () => {
  it('is what a Prometheus likes best', () => {
    expect([PROMETHEUS, NEWER].map(chosenExposition)).to.deep.equal(['openmetrics', 'openmetrics'])
  })

  it('is Prometheus text for browsers, curl and those who ask for nothing that there is', () => {
    const browser = 'text/html,application/xhtml+xml,*/*;q=0.8'
    for (const accept of [undefined, '', '*/*', browser, 'image/png', 'application/openmetrics-text;q=0']) {
      expect(chosenExposition(accept), accept).to.equal('prometheus')
    }
  })

  it('is nothing in a version that we do not write', () => {
    expect(chosenExposition('application/openmetrics-text;version=2.0.0')).to.equal('prometheus')
    expect(chosenExposition('application/openmetrics-text; version="1.0.0"')).to.equal('openmetrics')
  })

  it('follows the weights, whatever the order', () => {
    expect(chosenExposition('text/plain;q=0.9, application/openmetrics-text;q=0.1')).to.equal('prometheus')
    expect(chosenExposition('text/plain;q=0.1, application/openmetrics-text;q=0.9')).to.equal('openmetrics')
  })

  it('compresses for those only who say so', () => {
    expect(['gzip', 'deflate, GZIP;q=0.5', '*'].map(takesGzip)).to.deep.equal([true, true, true])
    expect([undefined, '', 'identity', 'gzip;q=0', '*, gzip;q=0', 'br'].map(takesGzip)).to.deep.equal(Array(6).fill(false))
  })

  it('is made of any header whatever', () => {
    const unit = fc.constantFrom('g', 'z', 'q', '=', '0', '1', '.', ';', ',', '"', '*', '/', ' ', '\u0000')
    fc.assert(fc.property(fc.string({ unit, maxLength: 4_000 }), header => {
      expect(['prometheus', 'openmetrics']).to.include(chosenExposition(header))
      expect(takesGzip(header)).to.be.a('boolean')
    }))
  })
})
