import { isCaxtonError, type OperationInfo } from '../../contract/index.js'
import { problemOf, type Problem } from '../configuration/problem.js'
import type { PluginEntry } from './plugin-loader.js'

/** What one plugin says of a start on this machine. */
export interface Outlook {
  readonly instance: string
  readonly sentence: string
}

/** What the plugins say of a start on this machine, in their order, and what would keep them from it. */
export async function outlooksOf (
  entries: readonly PluginEntry[], operations: readonly OperationInfo[] | undefined,
): Promise<{ readonly outlooks: readonly Outlook[], readonly problems: readonly Problem[] }> {
  const outlooks: Outlook[] = []
  const problems: Problem[] = []
  for (const { instance, plugin, config, optional } of entries) {
    try {
      const sentence = await plugin.outlook?.(config, instance, operations)
      if (sentence !== undefined) outlooks.push({ instance, sentence })
    } catch (error) {
      if (isCaxtonError(error)) problems.push({ ...problemOf(error, { phase: 'check', instance }), ignored: optional })
    }
  }
  return { outlooks, problems }
}
