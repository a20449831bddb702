import { expect } from 'chai'
import type { Protocol } from '../../../../kernel/contract/index.js'
import { BROKEN_PROTOCOLS, SOUND } from '../../../fixtures/protocols/broken-protocols.js'
import { PROTOCOL_ABILITIES, protocolKit } from '../../../kits/protocol.js'
import { CollectingRunner } from '../../../support/collecting-runner.js'

function registered (protocol: Protocol, lacks: readonly string[] = []): CollectingRunner {
  const runner = new CollectingRunner()
  protocolKit('subject', { setup: async () => protocol, teardown: async () => {}, lacks }, runner)
  return runner
}

describe('The protocol kit', () => {
  it('lets a sound protocol pass', async () => {
    expect(await registered(SOUND).failures()).to.deep.equal([])
  })

  it('shows what a protocol without cancel lacks as skipped', () => {
    expect(registered(SOUND, PROTOCOL_ABILITIES).skipped).to.have.lengthOf(3)
  })

  for (const [promise, protocol] of BROKEN_PROTOCOLS) {
    it(`catches a protocol that breaks "${promise}"`, async () => {
      expect(await registered(protocol).failures(promise)).to.deep.equal([promise])
    })
  }

  it('has a broken protocol for every promise', () => {
    expect(registered(SOUND).names.toSorted()).to.deep.equal(BROKEN_PROTOCOLS.map(([promise]) => promise).toSorted())
  })
})
