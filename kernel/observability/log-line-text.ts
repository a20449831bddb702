import { styleText } from 'node:util'
import type { LogLevel, LogLine } from '../contract/index.js'

const COLOURS: Readonly<Record<LogLevel, Parameters<typeof styleText>[0]>> = {
  debug: 'gray', info: 'green', warn: 'yellow', error: 'red',
}

/** One log line for people: time of day, level, part, message, fields; a stack below it. */
export function lineText (line: LogLine, coloured: boolean): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string): string => coloured ? styleText(style, text) : text
  const time = new Date(line.at).toISOString().slice(11, 23)
  const stacks: string[] = []
  const fields = Object.entries(line.fields).map(([name, value]) => ` ${paint('gray', `${name}=`)}${valueText(value, stacks)}`)
  const head = `${paint('gray', time)} ${paint(COLOURS[line.level], line.level.padEnd(5))} ${paint('cyan', line.part)} `
  return `${head}${visible(line.message)}${fields.join('')}${stacks.map(stack => `\n  ${paint('gray', stack)}`).join('')}\n`
}

function valueText (value: unknown, stacks: string[]): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? visible(value) : JSON.stringify(value)
  if (isErrorRecord(value)) {
    const { stack, ...rest } = value
    if (stack !== '') stacks.push(stack.split('\n').slice(1).map(frame => visible(frame.trim())).join('\n  '))
    return JSON.stringify(rest)
  }
  return JSON.stringify(value) ?? 'undefined'
}

function isErrorRecord (value: unknown): value is { readonly stack: string } {
  return typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string'
}

/** What an agent or a caller wrote must not move the operator's cursor or paint the terminal. */
function visible (text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, control => JSON.stringify(control).slice(1, -1))
}
