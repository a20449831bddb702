import { create } from '@bufbuild/protobuf'
import { expect } from 'chai'
import { AgentManifestSchema, DeployRequestSchema, type DeployRequest } from '../../../../../kernel/contract/index.js'
import { ModuleUpload } from '../../../../../kernel/lifecycle/agents/module-upload.js'

const chunk = (...bytes: number[]): DeployRequest =>
  create(DeployRequestSchema, { part: { case: 'chunk', value: new Uint8Array(bytes) } })
const manifest = (name: string): DeployRequest =>
  create(DeployRequestSchema, { part: { case: 'manifest', value: create(AgentManifestSchema, { name }) } })

describe('upload of a module', () => {
  it('puts the chunks together in order', () => {
    const upload = new ModuleUpload(4)
    for (const part of [manifest('echo'), chunk(1, 2), chunk(3), chunk(4)]) upload.add(part)
    expect(upload.complete().module).to.deep.equal(new Uint8Array([1, 2, 3, 4]))
    expect(upload.complete().manifest.name).to.equal('echo')
  })

  it('keeps nothing of empty chunks, however many come', () => {
    const upload = new ModuleUpload(4)
    const empty = chunk()
    for (let count = 0; count < 10_000; count++) upload.add(empty)
    expect(upload.held).to.equal(0)
  })

  it('keeps nothing of the packets that brought it, and never twice as much as came', () => {
    const upload = new ModuleUpload(1_000)
    const packet = new Uint8Array(16_384)
    for (let count = 1; count <= 1_000; count++) {
      upload.add(create(DeployRequestSchema, { part: { case: 'chunk', value: packet.subarray(0, 1) } }))
      expect(upload.held).to.be.within(count, 2 * count)
    }
    expect(upload.held).to.equal(1_000)
  })

  it('keeps a chunk that is most of its packet as it came, and goes on after it', () => {
    const upload = new ModuleUpload(10)
    const packet = Uint8Array.of(0, 1, 2, 3)
    upload.add(create(DeployRequestSchema, { part: { case: 'chunk', value: packet.subarray(1) } }))
    expect(upload.held).to.equal(4)
    upload.add(manifest('echo'))
    expect(upload.complete().module.buffer).to.equal(packet.buffer)
    upload.add(chunk(4, 5))
    expect(upload.complete().module).to.deep.equal(Uint8Array.of(1, 2, 3, 4, 5))
    expect(packet).to.deep.equal(Uint8Array.of(0, 1, 2, 3))
  })

  it('ends with the chunk that goes beyond the bound', () => {
    const upload = new ModuleUpload(4)
    upload.add(chunk(1, 2, 3))
    expect(() => upload.add(chunk(4, 5))).to.throw().with.property('code', 'MODULE_TOO_LARGE')
    expect(upload.held).to.equal(3)
  })

  it('wants one manifest, not none and not two', () => {
    const upload = new ModuleUpload(4)
    expect(() => upload.complete()).to.throw().with.property('code', 'MANIFEST_INVALID')
    upload.add(manifest('echo'))
    expect(() => upload.add(manifest('echo'))).to.throw().with.property('code', 'MANIFEST_INVALID')
  })
})
