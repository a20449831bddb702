import { expect } from 'chai'
import { isLoopback } from '../../../../../kernel/contract/links/loopback.js'

describe('loopback', () => {
  for (const host of ['127.0.0.1', '127.8.8.8', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost', 'LOCALHOST']) {
    it(`knows ${host} as reachable from this machine only`, () => { expect(isLoopback(host)).to.equal(true) })
  }

  const reachable = [
    '0.0.0.0', '::', '10.0.0.1', '128.0.0.1', '::ffff:10.0.0.1', '127.0.0.1.example.test',
    'localhost.example.test', '', '127.1', '2130706433',
  ]
  for (const host of reachable) {
    it(`takes "${host}" for reachable from outside`, () => { expect(isLoopback(host)).to.equal(false) })
  }
})
