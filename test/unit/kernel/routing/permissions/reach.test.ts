import { expect } from 'chai'
import { NameTable } from '../../../../../kernel/routing/directory/name-table.js'
import { CALLER_HANDLE } from '../../../../../kernel/routing/directory/route-table.js'
import { Reach } from '../../../../../kernel/routing/permissions/reach.js'

describe('whom an agent reaches', () => {
  let names: NameTable
  let asked: number

  const reach = (send: readonly string[] | undefined, publish?: readonly string[]): Reach => new Reach({ send, publish }, {
    nameOf: (handle, generation) => {
      asked += 1
      return names.nameOf(handle, generation)
    },
  })

  beforeEach(() => {
    asked = 0
    names = new NameTable()
    for (const [index, name] of ['shop-1', 'bank', 'shop-2@north', 'caller@north', 'df'].entries()) names.set(name, 20 + index, 1)
  })

  it('is whose name its permission stands for, here or on another node, and every caller', () => {
    const shops = reach(['shop-*'])
    expect([20, 21, 22, 23, 24].map(handle => shops.mayWriteTo(handle, 1))).to.deep.equal([true, false, true, true, false])
    expect(shops.mayWriteTo(CALLER_HANDLE, 1)).to.equal(true)
  })

  it('is nobody without a permission, and everybody with one for all', () => {
    expect([20, 23, CALLER_HANDLE].map(handle => reach([]).mayWriteTo(handle, 1))).to.deep.equal([false, false, false])
    expect([20, 23, CALLER_HANDLE].map(handle => reach(undefined, []).mayWriteTo(handle, 1))).to.deep.equal([true, true, true])
  })

  it('is remembered, until the handle is somebody else\'s', () => {
    const shops = reach(['shop-*'])
    for (let time = 0; time < 3; time++) expect([shops.mayWriteTo(20, 1), shops.mayWriteTo(21, 1)]).to.deep.equal([true, false])
    expect(asked).to.equal(2)
    names.set('shop-9', 21, 2)
    names.set('bank', 20, 2)
    expect([shops.mayWriteTo(20, 2), shops.mayWriteTo(21, 2)]).to.deep.equal([false, true])
    expect([shops.mayWriteTo(20, 1), shops.mayWriteTo(21, 1)]).to.deep.equal([false, false])
  })

  it('is right for handles that share their place in memory', () => {
    names.set('bank-2', 20 + 64, 1)
    const shops = reach(['shop-*'])
    for (let time = 0; time < 3; time++) expect([shops.mayWriteTo(20, 1), shops.mayWriteTo(84, 1)]).to.deep.equal([true, false])
  })

  it('is who subscribes to a topic under which it may publish', () => {
    const prices = reach(['nobody'], ['prices.*', 'news.#'])
    const may = (topic: string): boolean => prices.mayPublish(Buffer.from(`x${topic}x`), 1, topic.length)
    for (let time = 0; time < 2; time++) {
      expect(['prices.gold', 'news', 'news.a.b', 'prices', 'prices.gold.old', 'other'].map(may))
        .to.deep.equal([true, true, true, false, false, false])
    }
  })
})
