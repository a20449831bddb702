import { JsonScanner } from './json-scanner'
import { quote } from './services'

/**
 * A small JSON object for the content of messages, to read (`JsonObject.parse(text)`) and to write
 * (`new JsonObject().set('celsius', 21.5).toString()`). Members are kept as JSON text and become values when asked for.
 */
export class JsonObject {
  private names: string[] = []
  private values: string[] = []

  /** Null when the text is no JSON object, or nested more than 64 deep. */
  static parse (text: string): JsonObject | null {
    const object = new JsonObject()
    return new JsonScanner(text).object(object.names, object.values) ? object : null
  }

  has (name: string): bool { return this.names.includes(name) }
  get keys (): string[] { return this.names.slice() }

  /** The member as JSON text; empty when it is not there. Of several of one name the last counts. */
  raw (name: string): string {
    const at = this.names.lastIndexOf(name)
    return at < 0 ? '' : this.values[at]
  }

  getString (name: string, fallback: string = ''): string {
    const raw = this.raw(name)
    return raw.startsWith('"') ? new JsonScanner(raw).string() : fallback
  }

  getNumber (name: string, fallback: f64 = 0): f64 {
    const raw = this.raw(name)
    return isNumber(raw) ? parseFloat(raw) : fallback
  }

  /** A whole number; a fraction is cut off. */
  getInteger (name: string, fallback: i64 = 0): i64 {
    const raw = this.raw(name)
    if (!isNumber(raw)) return fallback
    return raw.includes('.') || raw.includes('e') || raw.includes('E') ? <i64>parseFloat(raw) : I64.parseInt(raw)
  }

  getBoolean (name: string, fallback: bool = false): bool {
    const raw = this.raw(name)
    return raw == 'true' ? true : raw == 'false' ? false : fallback
  }

  getObject (name: string): JsonObject | null {
    return JsonObject.parse(this.raw(name))
  }

  /** The items of a list as JSON text; empty when it is none. */
  getList (name: string): string[] {
    const items: string[] = []
    return new JsonScanner(this.raw(name)).list(items) ? items : []
  }

  getStrings (name: string): string[] {
    const items = this.getList(name)
    const strings: string[] = []
    for (let i = 0; i < items.length; i++) {
      if (items[i].startsWith('"')) strings.push(new JsonScanner(items[i]).string())
    }
    return strings
  }

  /** Sets a member to a text, a number, a boolean, another object, a list of these, or null. */
  set<T> (name: string, value: T): JsonObject {
    return this.setRaw(name, jsonOf<T>(value))
  }

  /** Sets a member to what is JSON text already. */
  setRaw (name: string, json: string): JsonObject {
    const at = this.names.lastIndexOf(name)
    if (at < 0) {
      this.names.push(name)
      this.values.push(json)
    } else {
      this.values[at] = json
    }
    return this
  }

  toString (): string {
    let text = '{'
    for (let i = 0; i < this.names.length; i++) {
      if (i > 0) text += ','
      text += quote(this.names[i]) + ':' + this.values[i]
    }
    return text + '}'
  }
}

function isNumber (raw: string): bool {
  const code = raw.length > 0 ? raw.charCodeAt(0) : 0
  return code == 45 || (code >= 48 && code <= 57)
}

function jsonOf<T> (value: T): string {
  if (isNullable<T>()) {
    if (changetype<usize>(value) == 0) return 'null'
    return jsonOf<NonNullable<T>>(changetype<NonNullable<T>>(value))
  }
  if (isString<T>()) return quote(changetype<string>(value))
  if (isBoolean<T>()) return value ? 'true' : 'false'
  if (isInteger<T>()) return value.toString()
  if (isFloat<T>()) return numberText(<f64>value)
  if (isArray<T>()) {
    let text = '['
    for (let i = 0; i < value.length; i++) {
      if (i > 0) text += ','
      text += jsonOf<valueof<T>>(value[i])
    }
    return text + ']'
  }
  return value.toString()
}

/** JSON has no NaN and no infinity; whole numbers need no `.0`. */
function numberText (value: f64): string {
  if (!isFinite(value)) return 'null'
  const text = value.toString()
  return text.endsWith('.0') ? text.substring(0, text.length - 2) : text
}
