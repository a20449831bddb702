import type { LogLevel, LogLine } from '../../../kernel/contract/index.js'
import { attributesOf, nanosecondsOf, type OtlpOrigin } from './otlp-values.js'

/** opentelemetry.proto.logs.v1.SeverityNumber */
const SEVERITY: Readonly<Record<LogLevel, number>> = { debug: 5, info: 9, warn: 13, error: 17 }

/** An ExportLogsServiceRequest in JSON. */
export const logsRequest = (lines: readonly LogLine[], { resource, scope }: OtlpOrigin): object =>
  ({ resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: lines.map(recordOf) }] }] })

function recordOf ({ at, level, part, message, fields }: LogLine): object {
  const { trace, ...others } = fields
  const isTrace = typeof trace === 'string' && /^[0-9a-f]{32}$/.test(trace)
  const said = Object.fromEntries(Object.entries(isTrace ? others : fields).flatMap(([name, value]) => fieldOf(name, value)))
  return {
    timeUnixNano: nanosecondsOf(at),
    observedTimeUnixNano: nanosecondsOf(at),
    severityNumber: SEVERITY[level],
    severityText: level.toUpperCase(),
    body: { stringValue: message },
    attributes: attributesOf({ ...said, 'caxton.part': part }),
    ...isTrace ? { traceId: trace } : {},
  }
}

/** Errors are named as the conventions for exceptions say. */
function fieldOf (name: string, value: unknown): ReadonlyArray<readonly [name: string, value: string | number | boolean]> {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [[name, value]]
  if (typeof value !== 'object' || value === null || !('stack' in value) || typeof value.stack !== 'string') {
    const json = JSON.stringify(value)
    return json === undefined ? [] : [[name, json]]
  }
  const [type, said] = [textIn(value, 'code') ?? textIn(value, 'name'), textIn(value, 'message')]
  return [
    ['exception.stacktrace', value.stack],
    ...type === undefined ? [] : [['exception.type', type] as const],
    ...said === undefined ? [] : [['exception.message', said] as const],
  ]
}

function textIn (value: object, name: string): string | undefined {
  const found: unknown = Reflect.get(value, name)
  return typeof found === 'string' ? found : undefined
}
