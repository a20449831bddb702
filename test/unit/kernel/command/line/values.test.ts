import { expect } from 'chai'
import fc from 'fast-check'
import { serverAddress } from '../../../../../kernel/command/line/server-address.js'
import { bytes, duration, wholeNumber } from '../../../../../kernel/command/line/values.js'

describe('values', () => {
  it('reads durations and sizes as the configuration writes them', () => {
    expect(duration('x', '250ms')).to.equal(250)
    expect(duration('x', '1.5s')).to.equal(1500)
    expect(duration('x', '2m')).to.equal(120_000)
    expect(bytes('x', '16MiB')).to.equal(16 * 2 ** 20)
    expect(bytes('x', '1KB')).to.equal(1000)
    expect(bytes('x', '4096')).to.equal(4096)
  })

  it('refuses what is none, names the thing and says what to write', () => {
    for (const text of ['', '-5', '-5s', '5 5s', '1e3s', '100d', '5constructor', 'NaNs']) {
      expect(() => duration('`--drain`', text), text).to.throw('`--drain` can\'t be')
    }
    for (const text of ['', '-1', '16Mi', '99999999GiB']) expect(() => bytes('`--memory`', text), text).to.throw('`--memory`')
    for (const text of ['', '-1', '1.0', '0x10', '11', '1e1']) {
      expect(() => wholeNumber('`--lines`', text, 1, 10), text).to.throw('from 1 to 10')
    }
  })

  it('adds the default port to an address without one', () => {
    expect(serverAddress('node-2.example.com')).to.equal('node-2.example.com:50051')
    expect(serverAddress('[::1]')).to.equal('[::1]:50051')
    expect(serverAddress('[fe80::1]:7')).to.equal('[fe80::1]:7')
  })

  it('refuses addresses that could mean something else', () => {
    for (const text of ['', ':50051', 'host:', 'host:0', 'host:65536', '::1', 'http://host:1', 'unix:/tmp/x', 'a b:1', 'host:1/x']) {
      expect(() => serverAddress(text), text).to.throw('the server\'s address')
    }
  })

  it('answers any text with a value or a declared error', () => {
    fc.assert(fc.property(fc.string(), text => {
      for (const read of [duration, bytes]) {
        try {
          expect(Number.isSafeInteger(read('x', text))).to.equal(true)
        } catch (error) {
          expect(error).to.include({ code: 'COMMAND_VALUE_INVALID' })
        }
      }
    }), { numRuns: 200 })
  })
})
