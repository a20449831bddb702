import { StateValueInvalid } from '../../../kernel/contract/index.js'
import { StateArgumentsInvalid } from '../state-tool-errors.js'

/** The arguments of one call, or of one entry in it, read with their place. Throws `STATE_ARGUMENTS_INVALID`. */
export class CallArguments {
  constructor (private readonly values: Readonly<Record<string, unknown>>, known: readonly string[], private readonly place = '') {
    for (const name of Object.keys(values)) {
      if (!known.includes(name)) this.#refuse(name, `is unknown; there is ${known.join(', ')}`)
    }
  }

  text (name: string): string {
    return this.optionalText(name) ?? this.#refuse(name, 'is missing')
  }

  optionalText (name: string): string | undefined {
    const value = this.values[name]
    if (value !== undefined && typeof value !== 'string') this.#refuse(name, 'is not text')
    return value
  }

  texts (name: string, most: number): readonly string[] {
    return this.#list(name, most).map((item, i) => typeof item === 'string' ? item : this.#refuse(`${name}[${i}]`, 'is not text'))
  }

  entries (name: string, most: number, known: readonly string[]): readonly CallArguments[] {
    return this.#list(name, most).map((item, i) => {
      const place = `${this.place}${name}[${i}]`
      if (!isObject(item)) return this.#refuse(`${name}[${i}]`, 'is no object')
      return new CallArguments(item, known, `${place}.`)
    })
  }

  /** A version, or 0 for "no such key". */
  version (name: string): number {
    return this.optionalVersion(name) ?? this.#refuse(name, 'is missing')
  }

  optionalVersion (name: string): number | undefined {
    return this.values[name] === undefined ? undefined : this.wholeNumber(name, 0, 0, Number.MAX_SAFE_INTEGER)
  }

  wholeNumber (name: string, otherwise: number, least: number, most: number): number {
    const value = this.values[name] ?? otherwise
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least && value <= most) return value
    return this.#refuse(name, `is no whole number from ${least} to ${most}`)
  }

  /** Any JSON value, as JSON text of at most so many bytes. */
  json (name: string, key: string, mostBytes: number): string {
    if (!Object.hasOwn(this.values, name)) this.#refuse(name, 'is missing')
    const json = jsonOf(key, this.values[name])
    const bytes = Buffer.byteLength(json)
    if (bytes > mostBytes) throw StateValueInvalid({ key, reason: `has ${bytes} bytes, of at most ${mostBytes}` })
    return json
  }

  #list (name: string, most: number): readonly unknown[] {
    const value = this.values[name]
    if (!Array.isArray(value)) return this.#refuse(name, value === undefined ? 'is missing' : 'is no list')
    if (value.length === 0 || value.length > most) this.#refuse(name, `has ${value.length} items, of 1 to ${most}`)
    return value
  }

  #refuse (name: string, reason: string): never {
    throw StateArgumentsInvalid({ argument: `${this.place}${name}`, reason })
  }
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function jsonOf (key: string, value: unknown): string {
  let json: string | undefined
  try {
    json = JSON.stringify(value)
  } catch (error) {
    throw StateValueInvalid({ key, reason: 'is nested too deeply' }, { cause: error })
  }
  if (json === undefined) throw StateValueInvalid({ key, reason: 'is no JSON' })
  return json
}
