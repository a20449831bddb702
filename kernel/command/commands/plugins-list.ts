import type { Column, RunCommand } from '../../contract/command.js'
import { ListPluginsResponseSchema, Server, type PluginInfo } from '../../contract/proto/caxton/v1/server_pb.js'
import { jsonOf } from './answer-data.js'
import { askServer } from './server-call.js'

/** `caxton plugins list` */
export const run: RunCommand = async context => {
  const answer = await askServer(context, Server.method.listPlugins, {})
  context.terminal.table(answer.plugins, COLUMNS, jsonOf(ListPluginsResponseSchema, answer))
  return 0
}

const COLUMNS: ReadonlyArray<Column<PluginInfo>> = [
  // The plugin is named where an instance has another name: the line is short, and the summary says more.
  { heading: 'INSTANCE', text: ({ instance, plugin }) => instance === plugin ? instance : `${instance} (${plugin})` },
  { heading: 'STATE', text: plugin => plugin.state },
  { heading: 'STABILITY', text: plugin => plugin.stability },
  { heading: 'SUMMARY', text: plugin => plugin.summary },
]
