import { encodeText, textAddress } from './buffers'
import { hexDigit } from './hex'
import { hostLog, hostLookup, hostNow, hostRandom, hostRegister, hostSelf, hostSubscribe, hostTimer } from './host'
import { Result } from './result'

/** Where an agent is reached: a number that `lookup`, `self` and `message.sender` give. 0 is nobody. */
export type Address = u64

/** The address of the agent with this name, or 0. */
export function lookup (name: string): Address {
  const length = encodeText(name)
  return hostLookup(textAddress(), length)
}

/** The address of this agent. */
export function self (): Address {
  return hostSelf()
}

/**
 * Offers something, until the agent stops. `details` is a JSON object with more about it, every member optional:
 * `{"version":"1.2.0","description":"…","input":{…},"output":{…},"costs":{"coins":2},"protocols":["fipa-request"]}`, where
 * `input` and `output` are JSON Schemas. Offering it again replaces what was said before.
 */
export function registerCapability (name: string, details: string = '{}'): Result {
  const rest = details.trim()
  if (!rest.startsWith('{') || !rest.endsWith('}')) return Result.Malformed
  const inside = rest.substring(1, rest.length - 1).trim()
  const length = encodeText('{"name":' + quote(name) + (inside.length > 0 ? ',' + inside : '') + '}')
  return <Result>hostRegister(textAddress(), length)
}

/** Offers something no more. */
export function withdrawCapability (name: string): Result {
  const length = encodeText('{"withdraw":' + quote(name) + '}')
  return <Result>hostRegister(textAddress(), length)
}

/**
 * Receives what is published under a topic, until the agent stops. In a topic such as `orders.berlin.paid`, `*` stands for
 * any one word, and `#` at the end for any number of them: `orders.*.paid`, `orders.#`.
 */
export function subscribe (topic: string): Result {
  const length = encodeText(topic)
  return <Result>hostSubscribe(textAddress(), length)
}

/** Receives it no more. */
export function unsubscribe (topic: string): Result {
  const length = encodeText('-' + topic)
  return <Result>hostSubscribe(textAddress(), length)
}

/** Milliseconds since the Unix epoch. */
export function now (): i64 {
  return hostNow()
}

/** Strong random bytes; empty when the server refused. */
export function randomBytes (count: i32): Uint8Array {
  const bytes = new Uint8Array(count)
  return hostRandom(bytes.dataStart, count) == 0 ? bytes : new Uint8Array(0)
}

/** Calls `onTimer(id)` once after `milliseconds`. Setting a timer again moves it. */
export function setTimer (milliseconds: i32, id: i32 = 0): Result {
  return <Result>hostTimer(max(milliseconds, 0), id)
}

export function cancelTimer (id: i32 = 0): Result {
  return <Result>hostTimer(-1, id)
}

/** Lines in the server's log under this agent's name; see them with `caxton agents logs NAME`. */
export namespace log {
  export function debug (text: string): void { write(0, text) }
  export function info (text: string): void { write(1, text) }
  export function warn (text: string): void { write(2, text) }
  export function error (text: string): void { write(3, text) }

  function write (level: i32, text: string): void {
    const length = encodeText(text)
    hostLog(level, textAddress(), length)
  }
}

/** A text as JSON writes it, with its quotation marks. */
export function quote (text: string): string {
  let quoted = '"'
  let plainFrom = 0
  for (let i = 0, end = text.length; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code >= 32 && code != 34 && code != 92) continue
    quoted += text.substring(plainFrom, i)
    plainFrom = i + 1
    if (code == 34) quoted += '\\"'
    else if (code == 92) quoted += '\\\\'
    else if (code == 10) quoted += '\\n'
    else if (code == 13) quoted += '\\r'
    else if (code == 9) quoted += '\\t'
    else quoted += '\\u00' + (code < 16 ? '0' : '1') + hexDigit(code & 15)
  }
  return quoted + text.substring(plainFrom) + '"'
}
