import type { Secret } from '../../kernel/contract/index.js'
import { OtlpSettingInvalid } from './otlp-errors.js'

const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): *([\t\x20-\x7e]*)$/
const ATTRIBUTE = /^([^=\s]+)=(.*)$/

/** Headers, each written as `name: value`. Throws `OTLP_SETTING_INVALID`, which shows none of them. */
export const headersOf = (texts: readonly Secret[]): Readonly<Record<string, string>> =>
  Object.fromEntries(texts.map((text, position) => pairOf(HEADER, text.reveal(), 'headers', position)))

/** Attributes, each written as `name=value`. Throws `OTLP_SETTING_INVALID`. */
export const attributesIn = (texts: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(texts.map((text, position) => pairOf(ATTRIBUTE, text, 'attributes', position)))

function pairOf (pattern: RegExp, text: string, key: string, position: number): [string, string] {
  const [, name, value] = pattern.exec(text) ?? []
  if (name === undefined || value === undefined) throw OtlpSettingInvalid({ key, position })
  return [key === 'headers' ? name.toLowerCase() : name, value]
}
