import type { Column, RunCommand } from '../../contract/command.js'
import { Cluster, ClusterPerformanceResponseSchema, type ClusterFigure } from '../../contract/proto/caxton/v1/cluster_pb.js'
import { jsonOf } from './answer-data.js'
import { millisecondsText } from './moment-text.js'
import { askServer } from './server-call.js'

/** `caxton cluster performance` */
export const run: RunCommand = async context => {
  const answer = await askServer(context, Cluster.method.performance, {})
  context.terminal.table(answer.figures, COLUMNS, jsonOf(ClusterPerformanceResponseSchema, answer))
  return answer.figures.some(figure => statusOf(figure) === '✗') ? 1 : 0
}

const COLUMNS: ReadonlyArray<Column<ClusterFigure>> = [
  { heading: 'METRIC', text: ({ metric }) => metric },
  { heading: 'TARGET', text: ({ targetMilliseconds }) => timeOr(targetMilliseconds), right: true },
  { heading: 'ACTUAL', text: ({ actualMilliseconds }) => timeOr(actualMilliseconds), right: true },
  { heading: 'STATUS', text: statusOf },
  { heading: 'SAMPLES', text: ({ samples }) => String(samples), right: true },
]

function statusOf ({ targetMilliseconds, actualMilliseconds, met }: ClusterFigure): string {
  if (targetMilliseconds === undefined || actualMilliseconds === undefined) return '-'
  return met ? '✓' : '✗'
}

const timeOr = (milliseconds: number | undefined): string => milliseconds === undefined ? '-' : millisecondsText(milliseconds)
