import type { SessionAnswer } from './server-session.js'

/** Reads a tool result of MCP. What has another form counts as nothing said. */
export function readAnswer (result: object): SessionAnswer {
  const { content, structuredContent, isError } = result as Readonly<Record<string, unknown>>
  const blocks = (Array.isArray(content) ? content as unknown[] : []).filter(isObject)
  const texts = blocks.filter(isText).map(({ text }) => text)
  return {
    isError: isError === true,
    answer: { text: texts.join('\n'), structured: structuredContent, parts: blocks.filter(block => !isText(block)) },
    bytes: Buffer.byteLength(JSON.stringify({ content, structuredContent })),
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const isText = (block: object): block is { readonly text: string } =>
  'type' in block && block.type === 'text' && 'text' in block && typeof block.text === 'string'
