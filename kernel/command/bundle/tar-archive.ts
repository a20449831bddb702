/** Size of a block (POSIX.1-2017, pax, "ustar Interchange Format"). */
const BLOCK = 512
const LONGEST_NAME = 100

/** One file of an archive. */
export interface ArchivedFile {
  /** ASCII, at most 100 characters. */
  readonly name: string
  readonly content: Uint8Array
}

/** A tar archive of a few files, all its owner's alone. `at`: milliseconds since the Unix epoch. */
export function tarArchive (files: readonly ArchivedFile[], at: number): Buffer {
  const parts = files.flatMap(({ name, content }) =>
    [headerOf(name, content.byteLength, at), content, Buffer.alloc(padding(content.byteLength))])
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])
}

const padding = (size: number): number => (BLOCK - size % BLOCK) % BLOCK

function headerOf (name: string, size: number, at: number): Buffer {
  if (!/^[\x21-\x7e]+$/.test(name) || name.length > LONGEST_NAME) throw new RangeError(`"${name}" can't be a name in an archive`)
  const header = Buffer.alloc(BLOCK)
  const put = (text: string, offset: number): void => { header.write(text, offset, 'latin1') }
  const octal = (value: number, digits: number): string => Math.floor(value).toString(8).padStart(digits, '0')
  put(name, 0)
  put(octal(0o600, 7), 100)
  put(octal(0, 7), 108)
  put(octal(0, 7), 116)
  put(octal(size, 11), 124)
  put(octal(at / 1_000, 11), 136)
  // The checksum counts itself as spaces.
  put(' '.repeat(8), 148)
  put('0', 156)
  put('ustar\x0000', 257)
  put(`${octal(header.reduce((sum, byte) => sum + byte, 0), 6)}\0 `, 148)
  return header
}
