import { expect } from 'chai'
import { deliveryErrors } from '../../../../kernel/routing/delivery-errors.js'
import { routingErrors } from '../../../../kernel/routing/routing-errors.js'
import { UNDELIVERABLE } from '../../../../kernel/routing/undeliverable.js'

describe('the reasons why a message was not delivered', () => {
  it('are all explained, each once', () => {
    const codes = [...routingErrors, ...deliveryErrors].map(({ code }) => code)
    expect(codes).to.include.members([...UNDELIVERABLE])
    expect(new Set(codes).size).to.equal(codes.length)
    expect(UNDELIVERABLE).to.include.members(deliveryErrors.map(({ code }) => code))
  })
})
