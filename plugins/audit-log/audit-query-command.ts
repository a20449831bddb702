import type { CommandContext, RunCommand } from '../../kernel/contract/index.js'
import { optionOf, questionOf } from './audit-question.js'
import { Audit } from './proto/caxton/v1/audit_pb.js'

const SHOWN_BY_DEFAULT = 100

/** `caxton audit query` */
export const run: RunCommand = async context => {
  const question = await questionOf(context)
  const last = lastOf(context)
  const connector = await context.connect()
  const rows: Row[] = []
  for await (const { line } of connector.serverStream(Audit.method.query, { ...question, last }, context.signal)) rows.push(rowOf(line))
  context.signal.throwIfAborted()
  context.terminal.table(rows, [
    { heading: 'TIME', text: row => row.text('time') },
    { heading: 'EVENT', text: row => row.text('event') },
    { heading: 'WHO', text: row => row.text('principal') },
    { heading: 'WHAT', text: row => (row.text('operation') || row.text('what')).replace(/^caxton\.v1\./, '') },
    { heading: 'ON', text: row => row.text('resource') },
    { heading: 'FROM', text: row => row.text('address') },
    { heading: 'RESULT', text: row => row.text('result') },
    { heading: 'BECAUSE', text: row => row.text('because') },
  ], { records: rows.map(({ record }) => record) })
  return 0
}

interface Row {
  readonly record: object
  text (name: string): string
}

function rowOf (line: string): Row {
  const parsed: unknown = JSON.parse(line)
  const record = typeof parsed === 'object' && parsed !== null ? parsed : {}
  return {
    record,
    text: name => {
      const value: unknown = Reflect.get(record, name)
      return typeof value === 'string' ? value : ''
    },
  }
}

function lastOf (context: CommandContext): number {
  const text = optionOf(context, 'last')
  return text === '' ? SHOWN_BY_DEFAULT : context.words.wholeNumber('`--last`', text, 0, 10_000)
}
