/** Codes of LZW with literals of 8 bits and codes of 9 to 12. */
export const CLEAR = 256
export const END = 257
export const FIRST_WIDTH = 9
export const LAST_WIDTH = 12
export const LAST_CODE = 4095
/** No code. */
export const NONE = 0xffff
