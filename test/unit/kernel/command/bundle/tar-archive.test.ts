import { expect } from 'chai'
import fc from 'fast-check'
import { tarArchive, type ArchivedFile } from '../../../../../kernel/command/bundle/tar-archive.js'

/** Reads an archive as the format's description has it. */
function read (archive: Buffer): ArchivedFile[] {
  const files: ArchivedFile[] = []
  for (let at = 0; archive[at] !== 0;) {
    const field = (offset: number, length: number): string =>
      archive.toString('latin1', at + offset, at + offset + length).replace(/[\0 ]+$/, '')
    const size = Number.parseInt(field(124, 12), 8)
    const header = Buffer.from(archive.subarray(at, at + 512)).fill(' ', 148, 156)
    expect(Number.parseInt(field(148, 8), 8)).to.equal(header.reduce((sum, byte) => sum + byte, 0))
    expect(field(257, 8)).to.equal('ustar\x0000')
    files.push({ name: field(0, 100), content: archive.subarray(at + 512, at + 512 + size) })
    at += 512 + Math.ceil(size / 512) * 512
  }
  return files
}

describe('an archive', () => {
  it('gives back every file as it was, whatever its size', () => {
    const name = fc.stringMatching(/^[a-z][a-z.-]{0,50}$/)
    const content = fc.uint8Array({ maxLength: 1_600 })
    fc.assert(fc.property(fc.array(fc.record({ name, content }), { maxLength: 4 }), files => {
      const archive = tarArchive(files, 1_900_000_000_000)
      expect(archive.length % 512).to.equal(0)
      expect(read(archive).map(file => ({ name: file.name, content: Uint8Array.from(file.content) }))).to.deep.equal(files)
    }))
  })

  it('refuses a name that it could not hold', () => {
    for (const name of ['', 'ä', 'a b', 'x'.repeat(101)]) {
      expect(() => tarArchive([{ name, content: Buffer.alloc(0) }], 0)).to.throw(RangeError)
    }
  })
})
