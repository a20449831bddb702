import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AgentManifestSchema } from '../../../../../kernel/contract/index.js'
import { grantedPermissions } from '../../../../../kernel/lifecycle/agents/granted-permissions.js'

const USUAL = ['send', 'publish', 'log']

const granted = (manifest: MessageInitShape<typeof AgentManifestSchema>): readonly string[] =>
  grantedPermissions(create(AgentManifestSchema, manifest), USUAL).words

describe('what a deployment grants an agent', () => {
  it('is the usual of the server where it names nothing, and else what it names', () => {
    expect(granted({})).to.deep.equal(USUAL)
    expect(granted({ permissions: ['call:ledger', 'now'] })).to.deep.equal(['now', 'call:ledger'])
  })

  it('is changed by what it allows and denies', () => {
    expect(granted({ allow: ['call'], deny: ['log'] })).to.deep.equal(['send', 'publish', 'call'])
    expect(granted({ allow: ['send:shop-*'] })).to.deep.equal(['send:shop-*', 'log'])
    expect(granted({ deny: USUAL })).to.deep.equal([])
  })

  it('is refused where it is no permission, or allowed and denied', () => {
    const refused = [
      { permissions: ['fly'] }, { allow: ['send:'] }, { deny: ['fly'] }, { deny: ['send:a'] }, { allow: ['send:a'], deny: ['send'] },
    ]
    for (const manifest of refused) expect(() => granted(manifest), JSON.stringify(manifest)).to.throw('permissions is not valid')
  })
})
