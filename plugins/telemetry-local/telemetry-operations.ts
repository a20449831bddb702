import { operations, type Handlers, type OperationService } from '../../kernel/contract/index.js'
import type { LocalTelemetry } from './local-telemetry.js'
import { LEVELS } from './logs/line-text.js'
import type { FollowedLine } from './logs/line-followers.js'
import type { LogQuestion } from './logs/log-reading.js'
import { Logs, MetricsHistory, Traces, type ReadLogsRequest } from './proto/caxton/v1/telemetry_pb.js'
import { LogQuestionInvalid, TraceUnknown } from './telemetry-errors.js'

const SHOWN_TRACES = 20
const MOST_TRACES = 1_000

/** The operations on what was recorded. */
export const telemetryOperations: readonly OperationService[] = [
  operations(Traces, (main: LocalTelemetry): Handlers<typeof Traces> => ({
    async show ({ id }, { signal }) {
      const { spans, isCut, silent } = await main.trace(id, signal)
      if (spans.length === 0) throw TraceUnknown({ id, silent })
      return {
        cut: isCut,
        silent: [...silent],
        spans: spans.map(({ node, span: { attributes, parentSpanId = '', failure = '', ...span } }) => ({
          ...span, node, parentSpanId, failure,
          attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)])),
        })),
      }
    },
    async list ({ last }) {
      const traces = await main.latestTraces(Math.min(last === 0 ? SHOWN_TRACES : last, MOST_TRACES))
      return { traces: traces.map(({ conversation, ...trace }) => ({ ...trace, conversationId: conversation })) }
    },
  })),
  operations(Logs, (main: LocalTelemetry): Handlers<typeof Logs> => ({
    async * read (request, { signal }) {
      const question = questionOf(request)
      if (request.follow) {
        for await (const followed of main.logs.follow(question, signal)) yield shown(followed)
      } else {
        for (const line of await main.logs.latest(question)) yield shown({ line, skipped: 0 })
      }
    },
  })),
  operations(MetricsHistory, (main: LocalTelemetry): Handlers<typeof MetricsHistory> => ({
    async read ({ name, since }) {
      const readings = await main.history(name, Number(since))
      return { readings: readings.map(({ at, labels, ...reading }) => ({ ...reading, at: BigInt(at), labels: { ...labels } })) }
    },
  })),
]

function questionOf ({ level, part, trace, since, last }: ReadLogsRequest): LogQuestion {
  const least = LEVELS.find(each => each === (level === '' ? 'debug' : level))
  if (least === undefined) throw LogQuestionInvalid({ part: 'level', problem: `"${level}" is none of ${LEVELS.join(', ')}` })
  return { level: least, part, trace, since: Number(since), last }
}

const shown = ({ line: { at, level, part, message, fields }, skipped }: FollowedLine) =>
  ({ at: BigInt(Math.round(at)), level, part, message, fields: JSON.stringify(fields), skipped })
