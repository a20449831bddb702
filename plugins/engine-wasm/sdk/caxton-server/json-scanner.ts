const DEEPEST: i32 = 64

/** Reads JSON text (RFC 8259) from front to back, checking it and cutting it into pieces. */
export class JsonScanner {
  private at: i32 = 0

  constructor (private text: string) {}

  /** Takes the whole text as one object; false when it is none. */
  object (names: string[], values: string[]): bool {
    if (!this.take(0x7b)) return false
    if (!this.take(0x7d)) {
      do {
        this.space()
        const name = this.at
        if (!this.skipString()) return false
        names.push(new JsonScanner(this.text.substring(name, this.at)).string())
        if (!this.take(0x3a)) return false
        if (!this.piece(values)) return false
      } while (this.take(0x2c))
      if (!this.take(0x7d)) return false
    }
    return this.over()
  }

  /** Takes the whole text as one list; false when it is none. */
  list (items: string[]): bool {
    if (!this.take(0x5b)) return false
    if (!this.take(0x5d)) {
      do {
        if (!this.piece(items)) return false
      } while (this.take(0x2c))
      if (!this.take(0x5d)) return false
    }
    return this.over()
  }

  /** The value of a text that is one checked string. */
  string (): string {
    const text = this.text
    let value = ''
    let plainFrom = 1
    for (let i = 1; i < text.length - 1; i++) {
      if (text.charCodeAt(i) != 0x5c) continue
      value += text.substring(plainFrom, i)
      const escape = text.charCodeAt(++i)
      if (escape == 0x75) {
        value += String.fromCharCode(<i32>parseInt(text.substring(i + 1, i + 5), 16))
        i += 4
      } else {
        value += unescaped(escape)
      }
      plainFrom = i + 1
    }
    return value + text.substring(plainFrom, text.length - 1)
  }

  private piece (into: string[]): bool {
    this.space()
    const from = this.at
    if (!this.skipValue(1)) return false
    into.push(this.text.substring(from, this.at))
    return true
  }

  private skipValue (depth: i32): bool {
    if (depth > DEEPEST) return false
    this.space()
    const code = this.peek()
    if (code == 0x22) return this.skipString()
    if (code == 0x7b) return this.skipMany(0x7d, depth, true)
    if (code == 0x5b) return this.skipMany(0x5d, depth, false)
    if (code == 0x74) return this.word('true')
    if (code == 0x66) return this.word('false')
    if (code == 0x6e) return this.word('null')
    return this.skipNumber()
  }

  private skipMany (end: i32, depth: i32, named: bool): bool {
    this.at++
    if (this.take(end)) return true
    do {
      if (named) {
        this.space()
        if (!this.skipString() || !this.take(0x3a)) return false
      }
      if (!this.skipValue(depth + 1)) return false
    } while (this.take(0x2c))
    return this.take(end)
  }

  private skipString (): bool {
    if (this.peek() != 0x22) return false
    for (this.at++; this.at < this.text.length; this.at++) {
      const code = this.peek()
      if (code < 32) return false
      if (code == 0x22) {
        this.at++
        return true
      }
      if (code == 0x5c && !this.skipEscape()) return false
    }
    return false
  }

  private skipEscape (): bool {
    this.at++
    const code = this.peek()
    if (code != 0x75) return '"\\/bfnrt'.includes(String.fromCharCode(code)) && code > 0
    for (let i = 0; i < 4; i++) {
      this.at++
      const digit = this.peek() | 32
      if (!(digit >= 0x30 && digit <= 0x39) && !(digit >= 0x61 && digit <= 0x66)) return false
    }
    return true
  }

  private skipNumber (): bool {
    if (this.peek() == 0x2d) this.at++
    if (this.peek() == 0x30) this.at++
    else if (this.digits() == 0) return false
    if (this.peek() == 0x2e) {
      this.at++
      if (this.digits() == 0) return false
    }
    if ((this.peek() | 32) != 0x65) return true
    this.at++
    if (this.peek() == 0x2b || this.peek() == 0x2d) this.at++
    return this.digits() > 0
  }

  private digits (): i32 {
    const from = this.at
    while (this.peek() >= 0x30 && this.peek() <= 0x39) this.at++
    return this.at - from
  }

  private word (word: string): bool {
    const found = this.text.substr(this.at, word.length) == word
    this.at += word.length
    return found
  }

  /** Passes spaces and then this character, if it is there. */
  private take (code: i32): bool {
    this.space()
    if (this.peek() != code) return false
    this.at++
    return true
  }

  private over (): bool {
    this.space()
    return this.at == this.text.length
  }

  private space (): void {
    while (this.peek() == 32 || this.peek() == 10 || this.peek() == 13 || this.peek() == 9) this.at++
  }

  /** The character here, 0 at the end. */
  private peek (): i32 {
    return this.at < this.text.length ? this.text.charCodeAt(this.at) : 0
  }
}

function unescaped (code: i32): string {
  if (code == 0x6e) return '\n'
  if (code == 0x72) return '\r'
  if (code == 0x74) return '\t'
  if (code == 0x62) return '\b'
  if (code == 0x66) return '\f'
  return String.fromCharCode(code)
}
