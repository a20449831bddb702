import { expect } from 'chai'
import { isTopic, isTopicPattern } from '../../../../../kernel/routing/topics/topic-pattern.js'

describe('a topic', () => {
  it('is words divided by dots', () => {
    for (const text of ['orders', 'orders.berlin.paid', 'a,b.c/d', '0', 'a.-b', 'a'.repeat(255)]) expect(isTopic(text), text).to.equal(true)
    for (const text of ['', '.', 'a.', '.a', 'a..b', 'a b', 'ä', 'a.*', '#', 'a#', '*a', '-a', 'a\n', 'a'.repeat(256)]) {
      expect(isTopic(text), text).to.equal(false)
    }
  })

  it('may be subscribed to with * for a word and # for the rest', () => {
    for (const text of ['orders', '*', '#', 'orders.*.paid', 'orders.#', '*.#', '*.*']) expect(isTopicPattern(text), text).to.equal(true)
    for (const text of ['', 'a.#.b', '##', 'a#', 'a.b*', '#.a', 'a.', '-a', 'a.#.', 'a'.repeat(256)]) {
      expect(isTopicPattern(text), text).to.equal(false)
    }
  })
})
