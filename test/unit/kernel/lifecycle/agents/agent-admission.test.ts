import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { AgentAdmission, type AdmittedPlan } from '../../../../../kernel/lifecycle/agents/agent-admission.js'
import { fingerprint, readSignature, signatureText, signModule } from '../../../../../kernel/lifecycle/agents/module-signature.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const numRuns = LONG ? 20_000 : 200

const MODULE = Buffer.from('module')
const hashOf = (module: Uint8Array): string => createHash('sha256').update(module).digest('hex')
const [ours, theirs] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')]

const planOf = (more: Partial<AdmittedPlan> = {}): AdmittedPlan =>
  ({ name: 'echo', module: hashOf(MODULE), permissions: [], signature: undefined, ...more })

const signed = (by: { readonly privateKey: KeyObject, readonly publicKey: KeyObject }, hash = hashOf(MODULE)) =>
  ({ key: fingerprint(by.publicKey), signature: new Uint8Array(signModule(hash, by.privateKey)) })

const admissionOf = (isRequired: boolean, most: readonly string[] = []): AgentAdmission =>
  new AgentAdmission({ permissions_max: most, require_signed: isRequired }, {
    open: async () => {},
    find: key => key === fingerprint(ours.publicKey) ? { name: 'release', key: ours.publicKey } : undefined,
  })

function codeFor (admission: AgentAdmission, plan: AdmittedPlan): unknown {
  try {
    admission.admit(plan)
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

describe('the admission of agents to a node', () => {
  it('holds every plan against what the operator grants at most, and names what is beyond', () => {
    const admission = admissionOf(false, ['send:shop-*', 'log'])
    admission.admit(planOf({ permissions: ['send:shop-1', 'log'] }))
    admission.admit(planOf())
    expect(() => { admission.admit(planOf({ permissions: ['log', 'send:*'] })) }).to.throw('grants no agent the permission "send:*"')
    expect(() => { admission.admit(planOf({ permissions: ['call'] })) }).to.throw('"call"')
  })

  it('tells code that was changed on its way by its hash', () => {
    const admission = admissionOf(false)
    admission.checkModule(planOf(), MODULE)
    expect(() => { admission.checkModule(planOf(), Buffer.from('modulf')) }).to.throw('the code of the agent "echo"')
  })

  it('lets only signed modules run where they must be signed, and knows by whom', () => {
    const strict = admissionOf(true)
    const plan = planOf({ signature: signed(ours) })
    expect([codeFor(strict, plan), strict.signerOf(plan)]).to.deep.equal([undefined, 'release'])
    expect(codeFor(strict, planOf())).to.equal('MODULE_UNSIGNED')
    expect(codeFor(strict, planOf({ signature: signed(theirs) }))).to.equal('MODULE_SIGNER_UNTRUSTED')
  })

  it('lets the others run elsewhere, but none with a signature of somebody trusted that does not hold', () => {
    const lax = admissionOf(false)
    const unknown = planOf({ signature: signed(theirs) })
    expect([codeFor(lax, planOf()), codeFor(lax, unknown), lax.signerOf(unknown)]).to.deep.equal([undefined, undefined, undefined])
    expect(codeFor(lax, planOf({ signature: signed(ours, hashOf(Buffer.from('other'))) }))).to.equal('MODULE_SIGNATURE_INVALID')
  })

  it('is not deceived by a signature of another module, by another key, or with any bit changed', () => {
    const right = signed(ours)
    const ofAnother = signed(ours, hashOf(Buffer.from('other')))
    const wrong = [{ ...signed(theirs), key: right.key }, ofAnother, { ...right, signature: new Uint8Array(0) }]
    for (const signature of wrong) expect(codeFor(admissionOf(true), planOf({ signature }))).to.equal('MODULE_SIGNATURE_INVALID')
    fc.assert(fc.property(fc.nat(64 * 8 - 1), bit => {
      const signature = Uint8Array.from(right.signature)
      signature[bit >>> 3] = (signature[bit >>> 3] ?? 0) ^ 1 << (bit & 7)
      expect(codeFor(admissionOf(true), planOf({ signature: { ...right, signature } }))).to.equal('MODULE_SIGNATURE_INVALID')
    }), { numRuns })
    fc.assert(fc.property(fc.nat(MODULE.length * 8 - 1), bit => {
      const module = Uint8Array.from(MODULE)
      module[bit >>> 3] = (module[bit >>> 3] ?? 0) ^ 1 << (bit & 7)
      expect(codeFor(admissionOf(true), planOf({ module: hashOf(module), signature: right }))).to.equal('MODULE_SIGNATURE_INVALID')
    }), { numRuns })
  })
})

describe('the file of a signature', () => {
  const text = signatureText(hashOf(MODULE), signed(ours))

  it('says whose it is and of what', () => {
    expect(readSignature(text)).to.deep.equal({ ...signed(ours), module: hashOf(MODULE) })
  })

  it('is read exactly as it was written, or not at all', () => {
    fc.assert(fc.property(fc.nat(text.length), fc.nat(3), fc.string({ maxLength: 3 }), (at, gone, put) => {
      const changed = text.slice(0, at) + put + text.slice(at + gone)
      const read = readSignature(changed)
      if (read !== undefined) expect(signatureText(read.module, read)).to.equal(changed)
    }), { numRuns })
    for (const bad of ['', 'caxton module signature 1\n', text.trimEnd(), `${text}\n`, text.replace(' 1', ' 2')]) {
      expect(readSignature(bad)).to.equal(undefined)
    }
  })
})
