import { expect } from 'chai'
import { readRegistration } from '../../../../../kernel/routing/capabilities/capability-description.js'
import { RegistrationBook } from '../../../../../kernel/routing/capabilities/registration-book.js'

const described = (name: string): string => JSON.stringify({ name, input: { type: 'object' } })

describe('RegistrationBook', () => {
  it('reads as if it remembered nothing', () => {
    const book = new RegistrationBook()
    for (const text of [described('sell'), '{"withdraw":"sell"}', '{"name":', described('sell')]) {
      expect(book.of(text), text).to.deep.equal(readRegistration(text))
    }
  })

  it('reads what many say with the same words once', () => {
    const book = new RegistrationBook()
    expect(book.of(described('sell'))).to.equal(book.of(described('sell')))
  })

  it('forgets the oldest of those that are too many', () => {
    const book = new RegistrationBook()
    const [first, second] = [book.of(described('one-0')), book.of(described('one-1'))]
    for (let index = 2; index <= 256; index++) book.of(described(`one-${index}`))
    expect(book.of(described('one-1'))).to.equal(second)
    expect(book.of(described('one-0'))).to.not.equal(first)
  })
})
