// Not `toString(16)`: it brings tables and messages of 1.7 KB, which every agent would keep in its memory.

/** The digit for 0 to 15. */
export function hexDigit (value: i32): string {
  return String.fromCharCode(value + (value < 10 ? 48 : 87))
}

/** Bytes as hexadecimal digits; `backwards` writes a little-endian number the usual way round. */
export function hexDigits (at: usize, count: i32, backwards: bool): string {
  let text = ''
  for (let i = 0; i < count; i++) {
    const byte = <i32>load<u8>(at + (backwards ? count - 1 - i : i))
    text += hexDigit(byte >> 4) + hexDigit(byte & 15)
  }
  return text
}
