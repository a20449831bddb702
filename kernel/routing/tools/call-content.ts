import type { ToolAnswer, ToolFailureCode, ToolResult } from '../../contract/index.js'

const JSON_TYPE = 'application/json'
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export const failed = (code: ToolFailureCode, reason: string): ToolResult => ({ ok: false, code, reason })

/** The arguments in the content of a call, or what is wrong with them. Empty content stands for `{}`. */
export function readArguments (content: Uint8Array, mediaType: string | undefined): Readonly<Record<string, unknown>> | string {
  if (mediaType !== undefined && mediaType !== JSON_TYPE) return `the content of a call is JSON, and not ${mediaType.slice(0, 64)}`
  if (content.length === 0) return {}
  let value: unknown
  try {
    value = JSON.parse(decoder.decode(content))
  } catch {
    return 'the content of the call is no JSON'
  }
  return isObject(value) ? value : 'the content of the call is JSON, but no object'
}

/**
 * What an agent gets: `{"text":…,"structured":…,"parts":[…]}` with only those members that the answer has, or
 * `{"code":…,"reason":…,"details":{…}}`.
 */
export function answerContent (result: ToolResult): Uint8Array {
  return encoder.encode(JSON.stringify(result.ok ? shown(result.answer) : {
    code: result.code, reason: result.reason, ...result.details === undefined ? {} : { details: shown(result.details) },
  }))
}

const shown = ({ text, structured, parts }: ToolAnswer): object => ({
  text, ...structured === undefined ? {} : { structured }, ...parts.length === 0 ? {} : { parts },
})

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
