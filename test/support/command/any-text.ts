import fc from 'fast-check'

/**
 * Any text at all, control characters, wide ones and halves of surrogates included, often the troublesome ones. fast-check's own
 * `unit: 'binary'` takes seconds to begin.
 */
export const anyText = (maxLength: number): fc.Arbitrary<string> => fc.string({
  maxLength,
  unit: fc.oneof(
    fc.integer({ min: 0, max: 0xff }).map(point => String.fromCodePoint(point)),
    fc.constantFrom('\u001b[', '\u009b', '\u202e', '\u2028', '日', '😀', '\u0301', '\ud800', '\u200b', '…'),
    fc.integer({ min: 0x100, max: 0x10_ffff }).map(point => String.fromCodePoint(point)),
  ),
})
